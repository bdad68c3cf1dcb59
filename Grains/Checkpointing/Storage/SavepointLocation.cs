using System.Text;

namespace Millrace.Checkpointing.Storage;

/// <summary>How the folder of a savepoint is named: inside as a URI, for people as they wrote it.</summary>
internal static class SavepointLocation
{
    private const int JobDigits = 6;
    private const int IdDigits = 12;

    /// <summary>Reads what a user names.</summary>
    /// <param name="place">An absolute path, or an absolute URI.</param>
    /// <returns>An absolute URI without a slash at its end.</returns>
    /// <exception cref="ArgumentException">It is neither, or too long.</exception>
    public static string UriOf(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        bool isUri = place.Contains("://", StringComparison.Ordinal);
        if ((!isUri && !Path.IsPathFullyQualified(place)) || !Uri.TryCreate(place, UriKind.Absolute, out Uri? uri))
        {
            throw new ArgumentException($"'{place}' is no absolute path and no URI.", nameof(place));
        }

        string text = uri.AbsoluteUri.TrimEnd('/');
        return Encoding.UTF8.GetByteCount(text) <= SavepointOrder.MaxFolderBytes
            ? text
            : throw new ArgumentException(
                $"'{place}' has more than {SavepointOrder.MaxFolderBytes} bytes as a URI.", nameof(place));
    }

    /// <summary>The folder of a new savepoint.</summary>
    /// <param name="directory">From <see cref="UriOf"/>.</param>
    /// <param name="job">The job.</param>
    /// <param name="id">The request.</param>
    public static string FolderIn(string directory, string job, SavepointId id) =>
        $"{directory}/savepoint-{job[..JobDigits]}-{id.ToString()[..IdDigits]}";

    /// <summary>For people: a path where it is one.</summary>
    public static string Describe(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out Uri? known) && known.IsFile ? known.LocalPath : uri;
}
