using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Writes what one subtask keeps, holding some megabytes of it at a time.</summary>
/// <param name="storage">Where large state goes.</param>
/// <param name="inlineBytes">State of so many bytes travels with the report: thousands of small files would cost
/// more.</param>
internal sealed class SubtaskStateWriter(ICheckpointStorage storage, int inlineBytes)
{
    private const int WriteBytes = 1 << 20;

    /// <summary>Writes it.</summary>
    /// <param name="job">Whose it is.</param>
    /// <param name="file">Its file, if it needs one.</param>
    /// <param name="subtask">What it keeps; not disposed.</param>
    /// <param name="table">Gets where what is.</param>
    /// <param name="cancellationToken">Gives up; there is no file then.</param>
    /// <exception cref="IOException">It cannot be written; trying again may help.</exception>
    public async Task<StateHandle> WriteAsync(
        JobId job,
        string file,
        FrozenSubtask subtask,
        SubtaskTable table,
        CancellationToken cancellationToken)
    {
        using SnapshotOutput output = new();
        using IEnumerator<long> parts = SubtaskSnapshotFormat.Write(output, subtask, table).GetEnumerator();
        bool isAll = false;
        while (!isAll && output.Position <= inlineBytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isAll = !parts.MoveNext();
            if (!isAll && output.Reading is { } reading)
            {
                await reading.WaitAsync(cancellationToken);
            }
        }

        if (isAll && output.Position <= inlineBytes)
        {
            byte[] bytes = output.Writer.WrittenSpan.ToArray();
            return new StateHandle(null, bytes, bytes.Length, Checksum.Of(bytes));
        }

        uint checksum = 0;
        await storage.WriteAsync(
            job,
            file,
            async (stream, token) =>
            {
                do
                {
                    if (output.Writer.Length >= WriteBytes)
                    {
                        checksum = await MoveAsync(output, stream, checksum, token);
                    }

                    token.ThrowIfCancellationRequested();
                }
                while (parts.MoveNext());

                checksum = await MoveAsync(output, stream, checksum, token);
            },
            cancellationToken);
        return new StateHandle(file, null, output.Position, checksum);
    }

    private static async Task<uint> MoveAsync(
        SnapshotOutput output, Stream stream, uint checksum, CancellationToken cancellationToken)
    {
        uint appended = Checksum.Append(checksum, output.Writer.WrittenSpan);
        await stream.WriteAsync(output.Writer.WrittenMemory, cancellationToken);
        output.PassedOn();
        return appended;
    }
}
