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
        try
        {
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
        }
        finally
        {
            // What fails above is to be seen, and not that they are open.
            Array.ForEach(databases, database => database.Release());
        }

        Assert.AreEqual(0, disk.Space.OpenDatabases);
        Assert.AreEqual(0, disk.Space.DiskBytes, "what is gone does not count");
    }

    // Many are idle with what they wrote, and hold all there is for write buffers. One goes on to write: it gets what
    // they have, and not a file for each row, by the numbers of its files.
    [TestMethod]
    public void Databases_that_are_idle_give_up_their_write_buffers_to_those_that_write()
    {
        const long Budget = 32L << 20;
        using var disk = new DiskSpace(Budget);
        DiskDatabase[] databases = [.. Enumerable.Range(0, 24).Select(_ => disk.Space.Open())];
        try
        {
            byte[] value = new byte[1_000];
            Array.ForEach(databases, database => Fill(database, value, 220));
            long most = 0;
            for (int round = 0; round < 20; round++)
            {
                Fill(databases[0], value, 1_000);
                most = Math.Max(most, disk.Space.WriteBufferBytes);
            }

            Assert.IsLessThanOrEqualTo(3 * new DiskMemoryPlan(Budget).WriteBuffers / 2, most);
            Assert.IsLessThan(300, Directory.GetFiles(databases[0].Path, "*.sst").Max(NumberOf));
            Array.ForEach(databases, database => Read(database, 220));
        }
        finally
        {
            Array.ForEach(databases, database => database.Release());
        }
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

        using (Rocks.RocksScan scan = snapshot.Scan("row"u8, "row"u8))
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

    [TestMethod]
    public void A_scan_that_is_under_way_comes_to_its_end_after_its_snapshot_was_let_go()
    {
        using var disk = new DiskSpace();
        DiskDatabase database = disk.Space.Open();
        Fill(database, new byte[1_000], 1_000);
        DiskDatabase.DiskSnapshot snapshot = database.TakeSnapshot();
        database.Release();
        int rows = 0;
        using (Rocks.RocksScan scan = snapshot.Scan([0], [0]))
        {
            snapshot.Dispose();
            snapshot.Dispose();
            for (; scan.IsValid; scan.MoveNext())
            {
                rows++;
            }

            Assert.ThrowsExactly<ObjectDisposedException>(() => snapshot.Scan([0], [0]));
            Assert.IsTrue(Directory.Exists(database.Path));
        }

        // Numbers whose first byte is 0.
        Assert.AreEqual(4, rows);
        Assert.IsFalse(Directory.Exists(database.Path));
    }

    private static int NumberOf(string file) => int.Parse(Path.GetFileNameWithoutExtension(file), null);

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
