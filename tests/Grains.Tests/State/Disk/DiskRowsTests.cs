using System.Text;
using Millrace.State.Disk.Rocks;

namespace Millrace.State.Disk;

[TestClass]
public sealed class DiskRowsTests
{
    // Few rows, so that they are met again; some too large to be at hand; now and then all are looked up, handed on or
    // gone through.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Rows_are_what_a_dictionary_holds(int seed)
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        DiskDatabase database = disk.Space.Open();
        var rows = new DiskRows(database);
        var random = new Random(seed);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int step = 0; step < 20_000; step++)
        {
            DoOne(random, rows, model);
            string row = RowOf(random);
            bool exists = rows.TryGet(Bytes(row), out ReadOnlySpan<byte> value);
            Assert.AreEqual(model.TryGetValue(row, out string? expected), exists, $"seed {seed}, step {step}, {row}");
            Assert.AreEqual(expected ?? "", Encoding.ASCII.GetString(value), $"seed {seed}, step {step}, {row}");
        }

        CollectionAssert.AreEqual(model.Keys.ToArray(), KeysOf(rows));
        database.Release();
    }

    [TestMethod]
    public void A_row_that_came_and_went_at_hand_is_never_written()
    {
        using var disk = new DiskSpace();
        DiskDatabase database = disk.Space.Open();
        var rows = new DiskRows(database);
        rows.TryGet("row"u8, out _);
        rows.Put("row"u8, "value"u8);
        rows.Remove("row"u8);
        rows.Flush();

        Assert.AreEqual(-1, database.Read("row"u8, new byte[8]));
        Assert.IsFalse(rows.TryGet("row"u8, out _));
        database.Release();
    }

    [TestMethod]
    public void Rows_that_are_wanted_are_looked_up_together_and_absent_ones_stay_absent()
    {
        using var disk = new DiskSpace();
        DiskDatabase database = disk.Space.Open();
        var rows = new DiskRows(database);
        for (int i = 0; i < 1_000; i += 2)
        {
            rows.Put(Bytes($"row {i}"), Bytes($"{i}"));
        }

        rows.Flush();
        rows.Clear();
        rows.BeginWanting(1_000);
        for (int i = 0; i < 1_000; i++)
        {
            rows.Want(Bytes($"row {i}"));
            rows.Want(Bytes($"row {i / 2}"));
        }

        rows.Fetch();
        for (int i = 0; i < 1_000; i++)
        {
            Assert.AreEqual(i % 2 == 0, rows.TryGet(Bytes($"row {i}"), out ReadOnlySpan<byte> value));
            Assert.AreEqual(i % 2 == 0 ? $"{i}" : "", Encoding.ASCII.GetString(value));
        }

        database.Release();
    }

    private static void DoOne(Random random, DiskRows rows, SortedDictionary<string, string> model)
    {
        string row = RowOf(random);
        string value = new('v', 1 + random.Next(random.Next(50) == 0 ? 20_000 : 60));
        switch (random.Next(10))
        {
            case < 4:
                rows.Put(Bytes(row), Bytes(value));
                model[row] = value;
                break;
            case < 7:
                value = $"{random.Next(10_000)}";
                rows.Append(Bytes(row), Bytes(value));
                model[row] = model.GetValueOrDefault(row, "") + value;
                break;
            case 7:
                rows.Remove(Bytes(row));
                model.Remove(row);
                break;
            case 8 when random.Next(20) == 0:
                CollectionAssert.AreEqual(model.Keys.ToArray(), KeysOf(rows));
                break;
            case 8 when random.Next(5) == 0:
                rows.Flush();
                rows.Clear();
                break;
            case 8:
                rows.BeginWanting(20);
                for (int i = 0; i < 20; i++)
                {
                    rows.Want(Bytes(RowOf(random)));
                }

                rows.Fetch();
                break;
        }
    }

    private static string[] KeysOf(DiskRows rows)
    {
        List<string> keys = [];
        using RocksScan scan = rows.Scan("row"u8, "row"u8);
        for (; scan.IsValid; scan.MoveNext())
        {
            keys.Add(Encoding.ASCII.GetString(scan.Key));
        }

        return [.. keys];
    }

    // One row has a key that is too long to be at hand.
    private static string RowOf(Random random)
    {
        int number = random.Next(300);
        return number == 0 ? $"row {new string('k', 6_000)}" : $"row {number}";
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
