using System.Globalization;
using System.Text;
using Millrace.State.Disk.Changes;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

[TestClass]
public sealed class RowChangesTests
{
    // Rows of all lengths, some larger than what is read at a time; the second part is in memory.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Rows_are_read_as_they_were_added_part_by_part(int seed)
    {
        using var disk = new DiskSpace();
        var random = new Random(seed);
        ChangedRows rows = new(disk.Space);
        using IDisposable hold = rows.Hold();
        List<string> added = [];
        for (int i = 0; i < 20_000; i++)
        {
            bool isRemoved = random.Next(3) == 0;
            byte[] row = new byte[random.Next(4_000) == 0 ? 600_000 : random.Next(4, 40)];
            random.NextBytes(row);
            rows.Add(row, isRemoved);
            added.Add($"{Convert.ToHexString(row)} {isRemoved}");
        }

        using RowBundle bundle = new();
        List<string> read = [];
        int parts = 0;
        for (long at = 0; at < rows.Length; parts++)
        {
            at = bundle.Load(rows, at);
            read.AddRange(bundle.Rows.Select(row => $"{Convert.ToHexString(row.Row.Span)} {row.IsRemoved}"));
        }

        CollectionAssert.AreEqual(added, read);
        Assert.IsGreaterThan(2, parts);
    }

    [TestMethod]
    public void What_has_changed_since_any_completed_checkpoint_is_told()
    {
        using var disk = new DiskSpace();
        using RowChanges changes = new(disk.Space, static () => long.MaxValue);
        changes.Add("row 0"u8, isRemoved: false);
        Assert.IsNull(changes.Freeze(new SnapshotOrder(1, 0, TracksChanges: true)));
        changes.Add("row 1"u8, isRemoved: false);
        Assert.AreEqual("row 1", Told(changes, checkpoint: 2, buildsOn: 1));
        changes.Add("row 2"u8, isRemoved: true);
        Assert.AreEqual("row 1, row 2", Told(changes, checkpoint: 3, buildsOn: 1));
        changes.Completed(2);
        changes.Add("row 3"u8, isRemoved: false);
        Assert.AreEqual("row 2, row 3", Told(changes, checkpoint: 4, buildsOn: 2));
        Assert.IsNull(Told(changes, checkpoint: 5, buildsOn: 1), "what was before 2 is forgotten");
    }

    [TestMethod]
    public void When_rows_take_more_than_they_may_or_nothing_completes_the_next_freeze_is_a_beginning()
    {
        using var disk = new DiskSpace();
        using RowChanges changes = new(disk.Space, static () => 100_000);
        changes.Freeze(new SnapshotOrder(1, 0, TracksChanges: true));
        for (int i = 0; i < 20_000; i++)
        {
            changes.Add("a row"u8, isRemoved: false);
        }

        Assert.AreEqual(0, disk.Space.DiskBytes, "what is given up is gone");
        Assert.IsNull(Told(changes, checkpoint: 2, buildsOn: 1));
        Assert.AreEqual("", Told(changes, checkpoint: 3, buildsOn: 2));
        int given = 0;
        for (int checkpoint = 4; checkpoint < 40; checkpoint++)
        {
            given += Told(changes, checkpoint, buildsOn: 2) is null ? 1 : 0;
        }

        Assert.IsGreaterThan(0, given);
        Assert.IsNull(changes.Freeze(new SnapshotOrder(40, 0, TracksChanges: false)));
        Assert.IsNull(Told(changes, checkpoint: 41, buildsOn: 40));
    }

    [TestMethod]
    public void Rows_that_somebody_holds_stay_after_they_are_forgotten()
    {
        using var disk = new DiskSpace();
        RowChanges changes = new(disk.Space, static () => long.MaxValue);
        changes.Freeze(new SnapshotOrder(1, 0, TracksChanges: true));
        for (int i = 0; i < 10_000; i++)
        {
            changes.Add(Encoding.ASCII.GetBytes(i.ToString("d8", CultureInfo.InvariantCulture)), isRemoved: false);
        }

        ChangedRows rows = changes.Freeze(new SnapshotOrder(2, 1, TracksChanges: true))!.Single();
        IDisposable hold = rows.Hold();
        changes.Dispose();
        Assert.IsGreaterThan(0, disk.Space.DiskBytes);
        byte[] read = new byte[rows.Length];
        rows.Read(0, read);
        Assert.AreEqual("00000000", Encoding.ASCII.GetString(read.AsSpan(4, 8)));
        Assert.AreEqual("00009999", Encoding.ASCII.GetString(read.AsSpan(read.Length - 8)));
        hold.Dispose();
        Assert.AreEqual(0, disk.Space.DiskBytes);
    }

    private static string? Told(RowChanges changes, long checkpoint, long buildsOn)
    {
        IReadOnlyList<ChangedRows>? told = changes.Freeze(new SnapshotOrder(checkpoint, buildsOn, TracksChanges: true));
        if (told is null)
        {
            return null;
        }

        List<string> rows = [];
        using RowBundle bundle = new();
        foreach (ChangedRows stretch in told)
        {
            for (long at = 0; at < stretch.Length;)
            {
                at = bundle.Load(stretch, at);
                rows.AddRange(bundle.Rows.Select(static row => Encoding.ASCII.GetString(row.Row.Span)));
            }
        }

        return string.Join(", ", rows);
    }
}
