using Millrace.Checkpointing;
using Millrace.Execution.Spilling;
using Millrace.Tasks.Checkpointing;
using Millrace.UserCode;

namespace Millrace.Tasks;

[TestClass]
public sealed class StoredSubtaskTests
{
    // Version 1 has no checksums within: that of all bytes is what notices.
    [TestMethod]
    public async Task Every_flipped_bit_of_state_in_version_1_is_noticed()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(
            BuiltJobs.Repository, "tests", "Grains.Tests", "Golden", "Files", "subtask-state-1.bin"));
        StateHandle handle = new("state", null, bytes.Length, Checksum.Of(bytes));
        await ReadAsync(handle, bytes);

        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] damaged = [.. bytes];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
                () => ReadAsync(handle, damaged), $"bit {bit}");
        }
    }

    private static Task ReadAsync(StateHandle handle, byte[] bytes) => StoredSubtask.ReadAsync(
        handle,
        file => Task.FromResult<(string, Stream)>((file, new MemoryStream(bytes))),
        static (_, _) => true,
        later: null,
        CancellationToken.None);
}
