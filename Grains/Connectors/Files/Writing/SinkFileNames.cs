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
    private const string Commits = ".commits";
    private const string Replaced = ".replaced-";

    /// <summary>Whether a name is one of a hidden file.</summary>
    public static bool IsHidden(string name) => name.StartsWith('.');

    /// <summary>What a file of a subtask is called in the end.</summary>
    /// <param name="subtask">The subtask.</param>
    /// <param name="number">Which of its files, from 0.</param>
    public string Final(int subtask, long number = 0) => number == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{subtask:00000}{Extension}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{subtask:00000}-{number}{Extension}");

    /// <summary>What it is called while it is written.</summary>
    public string Hidden(string jobId, int subtask, int attempt, long number = 0) => string.Create(
        CultureInfo.InvariantCulture, $"{HiddenMark}{jobId}-{Final(subtask, number)}-{attempt}{InProgress}");

    /// <summary>The hidden list of files to be removed when the job has finished.</summary>
    public string ReplacedList(string jobId) => $"{HiddenMark}{jobId}-{Prefix}{Extension}{Replaces}";

    /// <summary>The hidden list of what a commit that is under way does.</summary>
    public string Journal(string jobId) => $"{HiddenMark}{jobId}-{Prefix}{Extension}{Commits}";

    /// <summary>What a replaced file is called until the commit that replaces it is done.</summary>
    public string Aside(string jobId, int number) => string.Create(
        CultureInfo.InvariantCulture, $"{HiddenMark}{jobId}-{Prefix}{Extension}{Replaced}{number}");

    /// <summary>Whether a name is one of <see cref="Aside"/>.</summary>
    public bool IsAsideOf(string jobId, string name) =>
        name.StartsWith($"{HiddenMark}{jobId}-{Prefix}{Extension}{Replaced}", StringComparison.Ordinal);

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
        if (digits >= 5 && rest[digits] == '-')
        {
            // One of several files of its subtask.
            int number = rest[(digits + 1)..].IndexOfAnyExceptInRange('0', '9');
            digits += number > 0 ? number + 1 : 0;
        }

        if (digits < 5 || !rest[digits..].StartsWith(Extension + "-", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> attempt = rest[(digits + Extension.Length + 1)..];
        return attempt.Length > 0 && !attempt.ContainsAnyExceptInRange('0', '9');
    }
}
