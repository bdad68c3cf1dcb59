using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace Millrace.Storage.Blobs;

/// <summary>What goes wrong with Azure Storage, in the errors that files have.</summary>
/// <remarks>Messages name the address and the service's code; what the client library adds (headers, the whole request)
/// is left out.</remarks>
internal static class BlobErrors
{
    private const int Unauthorized = 401;
    private const int Forbidden = 403;
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;
    private const int RangeNotSatisfiable = 416;

    /// <summary>Whether an error comes from the service or the way to it, and not from a cancellation.</summary>
    public static bool IsOfStorage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException many => many.InnerExceptions.All(one => IsOfStorage(one, CancellationToken.None)),
        FileNotFoundException => false,
        _ => exception is RequestFailedException or AuthenticationFailedException or IOException
            or HttpRequestException,
    };

    /// <summary>Whether a blob, or its container, is not there.</summary>
    public static bool IsMissing(RequestFailedException exception) => exception.Status == NotFound;

    /// <summary>Whether the container of a blob is not there.</summary>
    public static bool IsContainerMissing(RequestFailedException exception) =>
        exception.Status == NotFound && exception.ErrorCode == BlobErrorCode.ContainerNotFound;

    /// <summary>Whether a condition did not hold: there is another version of the blob, or one at all.</summary>
    public static bool IsOtherVersion(RequestFailedException exception) =>
        exception.Status == PreconditionFailed
        || (exception.Status == Conflict && exception.ErrorCode == BlobErrorCode.BlobAlreadyExists);

    /// <summary>Whether a range begins behind the end of the blob.</summary>
    public static bool IsBehindEnd(RequestFailedException exception) => exception.Status == RangeNotSatisfiable;

    /// <summary>The error to throw.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="deed">What was to be done, as in "read".</param>
    /// <param name="address">With what.</param>
    public static Exception Of(Exception exception, string deed, string address)
    {
        if (exception is RequestFailedException missing && IsMissing(missing))
        {
            return new FileNotFoundException($"'{address}' is not there ({missing.ErrorCode}).", address, exception);
        }

        string text = $"'{address}' could not be {deed}: {Reason(exception)}";
        return exception is AuthenticationFailedException
            or RequestFailedException { Status: Unauthorized or Forbidden }
                ? new UnauthorizedAccessException(text, exception)
                : new IOException(text, exception);
    }

    private static string Reason(Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } failed =>
            $"Azure Storage answered {failed.Status} {failed.ErrorCode ?? FirstLine(failed.Message)}.",
        AggregateException { InnerExceptions.Count: > 0 } many =>
            $"{many.InnerExceptions.Count} tries failed, the last one: {Reason(many.InnerExceptions[^1])}",
        OperationCanceledException => "Azure Storage did not answer in time "
            + $"({AzureStorageOptions.Section}:{nameof(AzureStorageOptions.RequestTimeout)}).",
        _ => FirstLine(exception.Message),
    };

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0].TrimEnd('.') + ".";
}
