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

    // Behind the subtask: its attempt, and which of its files.
    private const int MostNumbers = 2;

    /// <summary>Whether a name is one of a hidden file.</summary>
    public static bool IsHidden(string name) => name.StartsWith('.');

    /// <summary>What a file of a subtask is called in the end.</summary>
    /// <param name="subtask">The subtask.</param>
    /// <param name="number">Which of its files, from 0.</param>
    /// <param name="restored">The attempt, of a writer that goes on from a checkpoint: what became of files that others
    /// have written behind that checkpoint, or had finished before it, is not known to it. Null for a writer that
    /// begins.</param>
    public string Final(int subtask, long number = 0, int? restored = null) => (restored, number) switch
    {
        ({ } attempt, _) => string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}-{subtask:00000}-{attempt}-{number}{Extension}"),
        (null, 0) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{subtask:00000}{Extension}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{subtask:00000}-{number}{Extension}"),
    };

    /// <summary>What it is called while it is written.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="final">What it is called in the end.</param>
    /// <param name="attempt">The subtask's attempt.</param>
    public static string Hidden(string jobId, string final, int attempt) => string.Create(
        CultureInfo.InvariantCulture, $"{HiddenMark}{jobId}-{final}-{attempt}{InProgress}");

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
        bool isSubtask = digits >= 5;
        for (int more = 0; more < MostNumbers && isSubtask && rest[digits] == '-'; more++)
        {
            // One of several files of its subtask, or of an attempt.
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
