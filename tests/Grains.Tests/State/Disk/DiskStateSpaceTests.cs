using System.Text;
using Millrace.Failures;

namespace Millrace.State.Disk;

[TestClass]
public sealed class DiskStateSpaceTests
{
    [TestMethod]
    public void Nothing_is_loaded_or_created_before_it_is_used()
    {
        using var disk = new DiskSpace();

        Assert.IsFalse(disk.Space.IsLoaded);
        Assert.IsFalse(Directory.Exists(disk.Folder));
        Assert.AreEqual(0, disk.Space.MemoryBytes);
        Assert.AreEqual(0, disk.Space.DiskBytes);
    }

    [TestMethod]
    public void What_a_dead_process_left_goes_and_what_a_living_one_holds_stays()
    {
        using var disk = new DiskSpace();
        DiskDatabase held = disk.Space.Open();
        string left = Path.Combine(disk.Folder, "of a dead process", "00000001");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "000008.sst"), "rows");

        using DiskStateSpace another = disk.Another();

        Assert.IsFalse(Directory.Exists(Path.GetDirectoryName(left)));
        Assert.IsTrue(Directory.Exists(held.Path));
        Assert.AreEqual(-1, held.Read("row"u8, new byte[8]));
        held.Release();
        Assert.IsFalse(Directory.Exists(held.Path), "a database goes when it is closed");
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var disk = new DiskSpace();
        File.WriteAllText(disk.Folder, "a file in its place");

        DiskStateException error = Assert.ThrowsExactly<DiskStateException>(disk.Space.Open);

        StringAssert.Contains(error.Message, disk.Folder);
        Assert.AreEqual(Recovery.Restart, error.Recovery);
        File.Delete(disk.Folder);
    }

    [TestMethod]
    public void A_disk_that_is_full_fails_with_the_path_and_how_to_change_it()
    {
        using var disk = new DiskSpace(most: 1L << 20);
        DiskDatabase database = disk.Space.Open();
        byte[] value = new byte[10_000];
        new Random(1).NextBytes(value);

        DiskStateException error = Assert.ThrowsExactly<DiskStateException>(() => Fill(database, value, 5_000));

        StringAssert.Contains(error.Message, database.Path);
        StringAssert.Contains(error.Message, "Max allowed space");
        StringAssert.Contains(error.Message, "Millrace:State:Disk");
        database.Release();
    }

    [TestMethod]
    public void A_disk_that_goes_away_fails_with_the_path()
    {
        using var disk = new DiskSpace();
        DiskDatabase database = disk.Space.Open();
        Directory.Delete(database.Path, recursive: true);

        DiskStateException error = Assert.ThrowsExactly<DiskStateException>(
            () => Fill(database, new byte[10_000], 5_000));

        StringAssert.Contains(error.Message, database.Path);
        database.Release();
    }

    // All of them write more than the whole budget: write buffers are flushed before they are larger than their share.
    [TestMethod]
    public void All_databases_together_stay_within_the_memory_they_may_take()
    {
        const long Budget = 32L << 20;
        using var disk = new DiskSpace(Budget);
        DiskDatabase[] databases = [.. Enumerable.Range(0, 6).Select(_ => disk.Space.Open())];
        byte[] value = new byte[1_000];
        for (int round = 0; round < 20; round++)
        {
            foreach (DiskDatabase database in databases)
            {
                Fill(database, value, 500);
                Read(database, 500);
                Assert.IsLessThanOrEqualTo(Budget, disk.Space.MemoryBytes);
            }
        }

        Assert.IsGreaterThan(Budget / 8, disk.Space.MemoryBytes);
        Assert.IsGreaterThan(0, disk.Space.DiskBytes);
        Array.ForEach(databases, database => database.Release());
        Assert.AreEqual(0, disk.Space.OpenDatabases);
        Assert.AreEqual(0, disk.Space.DiskBytes, "what is gone does not count");
    }

    [TestMethod]
    public void More_databases_than_the_memory_has_room_for_are_refused_with_the_setting()
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        List<DiskDatabase> databases = [];
        try
        {
            DiskStateException error = Assert.ThrowsExactly<DiskStateException>(() =>
            {
                for (int i = 0; i < 1_000; i++)
                {
                    databases.Add(disk.Space.Open());
                }
            });

            StringAssert.Contains(error.Message, "MemoryBudget");
            StringAssert.Contains(error.Message, $"{databases.Count} operators");
            Assert.IsGreaterThan(10, databases.Count);
        }
        finally
        {
            databases.ForEach(database => database.Release());
        }
    }

    [TestMethod]
    public void A_snapshot_outlives_what_it_was_taken_of_and_sees_nothing_later()
    {
        using var disk = new DiskSpace();
        DiskDatabase database = disk.Space.Open();
        database.Put("row 1"u8, "before"u8);
        database.Write();
        DiskDatabase.DiskSnapshot snapshot = database.TakeSnapshot();
        database.Put("row 1"u8, "after"u8);
        database.Put("row 2"u8, "after"u8);
        database.Write();
        database.Release();

        using (Rocks.RocksScan scan = snapshot.Scan("row"u8))
        {
            Assert.IsTrue(scan.IsValid);
            Assert.AreEqual("before", Encoding.ASCII.GetString(scan.Value));
            scan.MoveNext();
            Assert.IsFalse(scan.IsValid);
        }

        Assert.IsTrue(Directory.Exists(database.Path));
        snapshot.Dispose();
        Assert.IsFalse(Directory.Exists(database.Path));
    }

    private static void Fill(DiskDatabase database, byte[] value, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            database.Put(BitConverter.GetBytes(i), value);
            database.Write();
        }
    }

    private static void Read(DiskDatabase database, int rows)
    {
        byte[] into = new byte[1_000];
        for (int i = 0; i < rows; i++)
        {
            Assert.AreEqual(into.Length, database.Read(BitConverter.GetBytes(i), into));
        }
    }
}
