using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.State;

[TestClass]
public sealed class SubtaskSnapshotTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly InFlightSection Section = new(
        Id, 1, [7, 8], [new InFlightPart("", 0, 1, [[1], [2, 3]]), new InFlightPart($"{Id}/late", 2, 5, [[4]])]);

    [TestMethod]
    public async Task What_was_in_flight_is_read_as_it_was_written()
    {
        byte[] bytes = SubtaskBytes.Write([(Id, OperatorSnapshot.Empty)], [Section, Section], [Section]);
        SubtaskSnapshot read = await SubtaskBytes.ReadAsync(bytes);

        Assert.IsTrue(read.Operators.ContainsKey(Id));
        Assert.HasCount(2, read.Incoming);
        Assert.HasCount(1, read.Outgoing);
        AssertSame(Section, read.Incoming[1]);
        AssertSame(Section, read.Outgoing[0]);
    }

    [TestMethod]
    public async Task Where_nothing_was_in_flight_nothing_is_read()
    {
        SubtaskSnapshot read = await SubtaskBytes.ReadAsync(SubtaskBytes.Write([(Id, OperatorSnapshot.Empty)]));

        Assert.IsEmpty(read.Incoming);
        Assert.IsEmpty(read.Outgoing);
    }

    [TestMethod]
    public async Task A_state_that_ends_early_is_refused_wherever_it_ends()
    {
        byte[] bytes = SubtaskBytes.Write([(Id, OperatorSnapshot.Empty)], [Section], [Section]);
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            await Assert.ThrowsExactlyAsync<RecordCorruptedException>(() => SubtaskBytes.ReadAsync(cut));
        }
    }

    // All but the version, which says how to read the rest.
    [TestMethod]
    public async Task A_byte_in_flight_that_has_changed_is_found()
    {
        byte[] without = SubtaskBytes.Write([(Id, OperatorSnapshot.Empty)]);
        byte[] bytes = SubtaskBytes.Write([(Id, OperatorSnapshot.Empty)], [Section], [Section]);
        for (int i = SubtaskSnapshotFormat.PreambleBytes; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x10;
            await Assert.ThrowsExactlyAsync<RecordCorruptedException>(
                () => SubtaskBytes.ReadAsync(changed), $"byte {i} of {bytes.Length}");
        }

        Assert.IsGreaterThan(without.Length, bytes.Length);
    }

    private static void AssertSame(InFlightSection expected, InFlightSection actual)
    {
        Assert.AreEqual((expected.Operator, expected.Input), (actual.Operator, actual.Input));
        CollectionAssert.AreEqual(expected.Shape, actual.Shape);
        Assert.HasCount(expected.Parts.Count, actual.Parts);
        for (int i = 0; i < expected.Parts.Count; i++)
        {
            (InFlightPart wanted, InFlightPart got) = (expected.Parts[i], actual.Parts[i]);
            Assert.AreEqual((wanted.Edge, wanted.Subtask, wanted.Subtasks), (got.Edge, got.Subtask, got.Subtasks));
            Assert.HasCount(wanted.Blocks.Count, got.Blocks);
            for (int block = 0; block < wanted.Blocks.Count; block++)
            {
                CollectionAssert.AreEqual(wanted.Blocks[block], got.Blocks[block]);
            }
        }
    }
}
