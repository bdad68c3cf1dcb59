using System.Text.RegularExpressions;
using Millrace.Examples.Nexmark.Oracle;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The rows that a query has written into a directory.</summary>
internal static partial class WrittenRows
{
    /// <summary>Compares them with those of a model, one by one.</summary>
    public static void Verify(IEnumerable<string> expected, string directory, string? what = null) =>
        Verify(expected, In(directory), what ?? directory);

    /// <summary>Compares rows with those of a model, one by one.</summary>
    public static void Verify(IEnumerable<string> expected, IEnumerable<string> rows, string? what = null) =>
        CollectionAssert.AreEquivalent(expected.Select(InFile).ToArray(), rows.ToArray(), what ?? "rows");

    /// <summary>All rows of all files.</summary>
    public static IEnumerable<string> In(string directory) => FilesIn(directory)
        .Where(path => path.EndsWith(".csv", StringComparison.Ordinal))
        .SelectMany(path => File.ReadAllLines(Path.Combine(directory, path)));

    /// <summary>Paths of all files.</summary>
    public static IEnumerable<string> FilesIn(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory, path));

    /// <summary>The rows of a model.</summary>
    public static IReadOnlyList<string> Expected(string query, EventLog log) => QueryModels.Rows(query, log);

    // In files, times of the day have all of their digits.
    private static string InFile(string row) => MinuteWithin().Replace(row, "$0:00.0000000").Replace('|', ',');

    [GeneratedRegex(@"\|\d\d:\d\d(?=\|)")]
    private static partial Regex MinuteWithin();
}
