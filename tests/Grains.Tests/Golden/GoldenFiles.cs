using System.Globalization;
using Millrace.UserCode;

namespace Millrace.Golden;

/// <summary>Files that former versions wrote, by format and version: <c>keyed-state-1.bin</c>. They are never changed
/// (docs/formats/golden-files.md).</summary>
internal static class GoldenFiles
{
    private const string WriteSetting = "MILLRACE_WRITE_GOLDEN";

    private static string Folder => Path.Combine(BuiltJobs.Repository, "tests", "Grains.Tests", "Golden", "Files");

    /// <summary>All files.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path));

    /// <summary>The files of a format, the oldest version first.</summary>
    /// <param name="format">As its page is called.</param>
    /// <param name="reads">Reads one and compares; told its version.</param>
    public static void ReadAll(string format, Action<int, byte[]> reads)
    {
        int files = 0;
        foreach (string name in Names.Where(name => FormatOf(name) == format).OrderBy(VersionOf))
        {
            files++;
            try
            {
                reads(VersionOf(name), File.ReadAllBytes(Path.Combine(Folder, name)));
            }
            catch (Exception exception) when (exception is not AssertFailedException)
            {
                Assert.Fail($"{name} is not read any more: {exception}");
            }
        }

        Assert.IsGreaterThan(0, files, $"there is no file of {format}");
    }

    /// <summary>Asserts that the version that is written now has its file. Where
    /// <c>MILLRACE_WRITE_GOLDEN</c> is set, writes it if it is missing.</summary>
    public static void RequirePresent(string format, int version, string ending, byte[] bytes)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{format}-{version}.{ending}");
        string path = Path.Combine(Folder, name);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable(WriteSetting) is not null)
        {
            File.WriteAllBytes(path, bytes);
        }

        Assert.IsTrue(
            File.Exists(path),
            $"{format} is written in version {version}, and there is no {name}: see docs/formats/golden-files.md.");
    }

    private static string FormatOf(string name) => name[..name.LastIndexOf('-')];

    private static int VersionOf(string name)
    {
        int start = name.LastIndexOf('-') + 1;
        return int.Parse(name.AsSpan(start, name.LastIndexOf('.') - start), CultureInfo.InvariantCulture);
    }
}
