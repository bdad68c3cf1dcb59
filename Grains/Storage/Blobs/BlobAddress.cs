namespace Millrace.Storage.Blobs;

/// <summary>A blob, or a folder of blobs.</summary>
/// <param name="Account">The account's address, or null for the one of the connection string.</param>
/// <param name="Container">The container.</param>
/// <param name="Path">Within the container, parts joined by slashes; empty for all of it.</param>
internal sealed record BlobAddress(Uri? Account, string Container, string Path)
{
    /// <summary>Scheme of addresses in the account of the connection string.</summary>
    public const string ConnectionScheme = "azblob";

    /// <summary>Scheme of addresses that name their account.</summary>
    public const string AccountScheme = "https";

    private const int LeastContainerLength = 3;
    private const int MostContainerLength = 63;

    /// <summary>Why a text is no address, or null when it is one.</summary>
    public static string? ProblemOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            return "it is no URI";
        }

        if (uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0)
        {
            return "it has a '?', '#' or '@', and neither keys nor signatures belong into an address";
        }

        string container = Of(uri).Container;
        bool isContainer = container.Length is >= LeastContainerLength and <= MostContainerLength
            && container.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
        return isContainer
            ? null
            : $"its container is '{container}', and a container's name has {LeastContainerLength} to "
                + $"{MostContainerLength} small letters, digits and hyphens";
    }

    /// <summary>Reads an address.</summary>
    /// <exception cref="IOException">It is none.</exception>
    public static BlobAddress Parse(string text) => ProblemOf(text) is { } problem
        ? throw new IOException($"'{text}' is no address of a blob: {problem}.")
        : Of(new Uri(text));

    private static BlobAddress Of(Uri uri)
    {
        string path = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        if (uri.Scheme == ConnectionScheme)
        {
            return new BlobAddress(null, uri.Host, path);
        }

        int end = path.IndexOf('/', StringComparison.Ordinal);
        return new BlobAddress(
            new Uri(uri.GetLeftPart(UriPartial.Authority)),
            end < 0 ? path : path[..end],
            end < 0 ? "" : path[(end + 1)..]);
    }
}
