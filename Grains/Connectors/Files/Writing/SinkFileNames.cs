using System.Globalization;

namespace Millrace.Connectors.Files.Writing;

/// <summary>The names of the files of one sink, in one place.</summary>
/// <param name="Prefix">How visible names begin.</param>
/// <param name="Extension">How visible names end.</param>
internal sealed record SinkFileNames(string Prefix, string Extension)
{
    private const string HiddenMark = ".millrace-";
    private const string InProgress = ".inprogress";
    private const string Replaces = ".replaces";

    /// <summary>Whether a name is one of a hidden file.</summary>
    public static bool IsHidden(string name) => name.StartsWith('.');

    /// <summary>What a subtask's file is called in the end.</summary>
    public string Final(int subtask) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{subtask:00000}{Extension}");

    /// <summary>What it is called while it is written.</summary>
    public string Hidden(string jobId, int subtask, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{HiddenMark}{jobId}-{Final(subtask)}-{attempt}{InProgress}");

    /// <summary>The hidden list of files to be removed when the job has finished.</summary>
    public string Replaced(string jobId) => $"{HiddenMark}{jobId}-{Prefix}{Extension}{Replaces}";

    /// <summary>Whether a name is one of a file that a writer of this sink, in this job, began.</summary>
    public bool IsHiddenOf(string jobId, string name)
    {
        string begin = $"{HiddenMark}{jobId}-{Prefix}-";
        if (!name.StartsWith(begin, StringComparison.Ordinal) || !name.EndsWith(InProgress, StringComparison.Ordinal)
            || name.Length < begin.Length + InProgress.Length)
        {
            return false;
        }

        ReadOnlySpan<char> rest = name.AsSpan(begin.Length..^InProgress.Length);
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits < 5 || !rest[digits..].StartsWith(Extension + "-", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> attempt = rest[(digits + Extension.Length + 1)..];
        return attempt.Length > 0 && !attempt.ContainsAnyExceptInRange('0', '9');
    }
}
