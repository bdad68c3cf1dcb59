using Millrace.Checkpointing;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Tasks.Checkpointing;
using Millrace.UserCode;

namespace Millrace.Tasks;

[TestClass]
public sealed class StoredSubtaskTests
{
    private const string StateFile = "chk-1-1/a.state";

    // Version 1 has no checksums within: that of all bytes is what notices.
    [TestMethod]
    public async Task Every_flipped_bit_of_state_in_version_1_is_noticed()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(
            BuiltJobs.Repository, "tests", "Grains.Tests", "Golden", "Files", "subtask-state-1.bin"));
        StateHandle handle = new(StateFile, null, bytes.Length, Checksum.Of(bytes));
        await ReadAsync(handle, bytes);

        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] damaged = [.. bytes];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
                () => ReadAsync(handle, damaged), $"bit {bit}");
        }
    }

    // Found when the file is opened, which is no earlier than when something of it is read.
    [TestMethod]
    [DataRow(-1)]
    [DataRow(1)]
    public async Task A_file_of_another_length_is_refused_with_both_lengths(int more)
    {
        byte[] bytes = SubtaskBytes.Write([("0123456789abcdef0123456789abcdef", OperatorSnapshot.Empty)]);
        StateHandle handle = new(StateFile, null, bytes.Length, Checksum.Of(bytes));
        await ReadAsync(handle, bytes);
        byte[] other = [.. bytes];
        Array.Resize(ref other, bytes.Length + more);
        CheckpointCorruptedException refused = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
            () => ReadAsync(handle, other));
        StringAssert.Contains(refused.Message, $"it has {other.Length} bytes, and {bytes.Length} were written");
    }

    private static Task ReadAsync(StateHandle handle, byte[] bytes)
    {
        SimulatedCheckpoints storage = new(new SimulatedExecution(0), failures: 0);
        string path = storage.Describe(Plans.Job, StateFile);
        storage.Place(path);
        storage.Damage(path, _ => bytes);
        return StoredSubtask.ReadAsync(
            handle, Plans.Job, storage, static (_, _) => true, later: null, CancellationToken.None);
    }
}
