using Millrace.Connectors;
using Millrace.Connectors.Files.Writing;

namespace Millrace.Golden;

/// <summary>What the file sink leaves beside its files, in each version; of a former one whoever goes on has to take
/// it.</summary>
[TestClass]
public sealed class GoldenFileSink
{
    private const int Version = 1;
    private const string Commits = "file-sink-commits";
    private const string Replaces = "file-sink-replaces";
    private const string Committable = "file-sink-committable";
    private const string State = "file-sink-state";
    private const string Name = "list";
    private const string Old = "2026/part-00001.csv";

    private static readonly DateTime Then = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly FileCommittable Complete = new(
        ".millrace-a-part-00003.csv-0.inprogress", "ä/b-3.csv", 1 << 20);
    private static readonly FileWriterState Writer = new(7, ["", "2026-11-27/ä"]);

    /// <summary>All formats.</summary>
    public static IEnumerable<string> Formats => [Commits, Replaces, Committable, State];

    /// <summary>The present version of each has its file.</summary>
    public static void RequirePresent()
    {
        using TemporaryDirectory directory = new();
        CommitJournal journal = new(directory.FullPath, Name);
        journal.Old.Add((5, Old));
        journal.New.Add((12, "ä/b 3.csv"));
        journal.New.Add((0, "_SUCCESS"));
        journal.Write();
        GoldenFiles.RequirePresent(Commits, Version, "txt", File.ReadAllBytes(directory[Name]));
        File.Delete(directory[Name]);
        WriteOld(directory);
        new ReplacedFiles(directory.FullPath, Name).Note([Old]);
        GoldenFiles.RequirePresent(Replaces, Version, "txt", File.ReadAllBytes(directory[Name]));
        GoldenFiles.RequirePresent(Committable, Version, "bin", Complete.ToBytes());
        GoldenFiles.RequirePresent(State, Version, "bin", Writer.ToBytes());
    }

    [TestMethod]
    public void Journal_of_a_commit() => GoldenFiles.ReadAll(Commits, static (_, bytes) =>
    {
        using TemporaryDirectory directory = new();
        File.WriteAllBytes(directory[Name], bytes);
        CommitJournal journal = new(directory.FullPath, Name);
        Assert.IsTrue(journal.TryRead());
        CollectionAssert.AreEqual(new[] { (5, Old) }, journal.Old);
        CollectionAssert.AreEqual(new[] { (12L, "ä/b 3.csv"), (0L, "_SUCCESS") }, journal.New);
    });

    [TestMethod]
    public void List_of_replaced_files() => GoldenFiles.ReadAll(Replaces, static (_, bytes) =>
    {
        using TemporaryDirectory directory = new();
        File.WriteAllBytes(directory[Name], bytes);
        WriteOld(directory);
        ReplacedFiles replaced = new(directory.FullPath, Name);
        CollectionAssert.AreEqual(new[] { Old }, replaced.Present().ToArray());
        File.SetLastWriteTimeUtc(directory[Old], Then.AddSeconds(1));
        Assert.IsEmpty(replaced.Present(), "it has changed since");
    });

    [TestMethod]
    public void Complete_files() => GoldenFiles.ReadAll(
        Committable, static (_, bytes) => Assert.AreEqual(Complete, FileCommittable.Read(bytes)));

    [TestMethod]
    public void Writers() => GoldenFiles.ReadAll(State, static (_, bytes) =>
    {
        FileWriterState read = FileWriterState.Of([bytes]);
        Assert.AreEqual(Writer.Next, read.Next);
        CollectionAssert.AreEquivalent(Writer.Buckets.ToArray(), read.Buckets.ToArray());
    });

    private static void WriteOld(TemporaryDirectory directory)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(directory[Old])!);
        File.WriteAllText(directory[Old], "old row\n");
        File.SetLastWriteTimeUtc(directory[Old], Then);
    }
}
