using Millrace.Running;

namespace Millrace.InProcess;

/// <summary>Files to which a job has written numbered records.</summary>
internal static class NumberedFiles
{
    /// <summary>They hold every row once, and nothing is hidden beside them.</summary>
    public static void RequireRows(string directory, int records, int keys)
    {
        string[] rows = [.. In(directory).SelectMany(File.ReadLines)];
        CollectionAssert.AreEquivalent(NumberedRecords.Rows(records, keys), rows);
        Assert.IsEmpty(Directory.GetFiles(directory, ".*"), "hidden files are left");
    }

    /// <summary>Those that can be seen.</summary>
    public static IEnumerable<string> In(string directory) =>
        Directory.EnumerateFiles(directory).Where(file => !Path.GetFileName(file).StartsWith('.'));
}
