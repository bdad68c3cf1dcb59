using Millrace.Storage.Blobs;

namespace Millrace.Storage;

/// <summary>How a place for files is written: a path, or a URI whose scheme says what keeps them.</summary>
internal static class StorageLocation
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Accepted =
        "accepted are a path, file:///path, azblob://container/path (an account by "
        + $"{AzureStorageOptions.Section}:{nameof(AzureStorageOptions.ConnectionString)}) and "
        + "https://account.blob.core.windows.net/container/path (by a managed identity)";

    private const string FileScheme = "file";
    private const string SchemeEnd = "://";

    /// <summary>Why an address can mean nothing, or null when it may.</summary>
    public static string? ProblemOf(string address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            return $"is missing; {Accepted}.";
        }

        if (SchemeOf(address) is not { } scheme)
        {
            return null;
        }

        string? problem = scheme switch
        {
            FileScheme => FileProblemOf(address),
            BlobAddress.ConnectionScheme or BlobAddress.AccountScheme => BlobAddress.ProblemOf(address),
            _ => "its scheme is unknown",
        };
        string shown = scheme == FileScheme ? address : WithoutQuery(address);
        return problem is null ? null : $"'{shown}': {problem}; {Accepted}.";
    }

    /// <summary>Whether an address is one of Azure Blob Storage.</summary>
    public static bool IsBlob(string address) =>
        SchemeOf(address) is BlobAddress.ConnectionScheme or BlobAddress.AccountScheme;

    /// <summary>A place below which names can be appended after a slash.</summary>
    public static string RootOf(string location) =>
        IsBlob(location) ? location.TrimEnd('/') : DirectoryFileSystem.PathOf(location);

    /// <summary>Adds a failure when a setting names no place that can be reached.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="location">Its value.</param>
    /// <param name="azure">How blobs are reached.</param>
    /// <param name="failures">Gets the failure.</param>
    public static void Check(string key, string? location, AzureStorageOptions azure, List<string> failures)
    {
        if (ProblemOf(location ?? "") is { } problem)
        {
            failures.Add($"{key} {(string.IsNullOrWhiteSpace(location) ? "" : "is ")}{problem}");
            return;
        }

        if (SchemeOf(location!) != BlobAddress.ConnectionScheme)
        {
            return;
        }

        const string ConnectionKey = $"{AzureStorageOptions.Section}:{nameof(AzureStorageOptions.ConnectionString)}";
        if (string.IsNullOrWhiteSpace(azure.ConnectionString))
        {
            failures.Add($"{key} is '{location}', which needs {ConnectionKey}; it is missing.");
        }
        else if (BlobAccounts.ProblemOf(azure.ConnectionString) is { } unreadable)
        {
            // The text itself is not repeated: it holds a secret.
            failures.Add($"{key} is '{location}', and {ConnectionKey} is no connection string: {unreadable}");
        }
    }

    private static string? FileProblemOf(string address)
    {
        if (!address.StartsWith($"{FileScheme}:///", StringComparison.OrdinalIgnoreCase)
            || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            return "a URI of a file begins with file:///";
        }

        return uri.Query.Length + uri.Fragment.Length > 0 ? "it has a '?' or '#', which is to be escaped" : null;
    }

    // Two letters at least: one is a drive.
    private static string? SchemeOf(string address)
    {
        int end = address.IndexOf(':', StringComparison.Ordinal);
        if (end < 2 || !address.AsSpan(0, end).ContainsOnlySchemeCharacters())
        {
            return null;
        }

        string scheme = address[..end].ToLowerInvariant();
        return address.AsSpan(end).StartsWith(SchemeEnd)
            || scheme is FileScheme or BlobAddress.ConnectionScheme or BlobAddress.AccountScheme
                ? scheme
                : null;
    }

    private static bool ContainsOnlySchemeCharacters(this ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    // What follows a question mark may be a signature.
    private static string WithoutQuery(string address)
    {
        int query = address.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? address : $"{address[..query]}?...";
    }
}
