using Millrace.Checkpointing;
using Millrace.Execution;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;

namespace Millrace.Tasks.Checkpointing;

/// <summary>The bytes of restored state where its checkpoint keeps them: they are read when somebody asks for them.
/// </summary>
/// <remarks>Later checkpoints take the place of that one, whose files go then. What is written into the first of them
/// without having been asked for is therefore kept aside while it is written. Thread-safe.</remarks>
/// <param name="source">A file of the checkpoint; closed with the last holder.</param>
/// <param name="execution">Runs reads.</param>
/// <param name="room">For what is kept aside, and held by its owner until then; null for memory.</param>
internal sealed class StoredBytes(SnapshotSource source, IExecution execution, RestoredRoom? room) : RestoredBytes
{
    private const string ThreadName = "restored state";

    private readonly Lock _lock = new();
    private readonly IDisposable? _hold = room?.Hold();
    private readonly Dictionary<long, Kept> _kept = [];

    public override void Read(long offset, Span<byte> into)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(offset, out Kept kept))
            {
                source.Read(offset, into);
                return;
            }

            if (kept.Bytes is not null)
            {
                kept.Bytes.CopyTo(into);
                return;
            }

            room!.Read(kept.Offset, into);
        }
    }

    public override Task? RunBeside(Action reads) => execution.RunBlockingAsync(ThreadName, reads);

    public override void Keep(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_kept.ContainsKey(offset))
            {
                _kept.Add(offset, room is null ? new Kept(bytes.ToArray(), 0) : new Kept(null, Append(bytes)));
            }
        }
    }

    public override Exception DamageOf(RecordCorruptedException finding, long offset) =>
        new CheckpointCorruptedException(source.Place, finding.Message, finding, offset + finding.Offset)
        {
            IsOfRestore = true,
        };

    protected override void End()
    {
        source.Dispose();
        _hold?.Dispose();
    }

    // It belongs to all of a deployment.
    private long Append(ReadOnlySpan<byte> bytes)
    {
        lock (room!)
        {
            return room.Append(bytes);
        }
    }

    /// <summary>Bytes that are kept: here, or in the room.</summary>
    private readonly record struct Kept(byte[]? Bytes, long Offset);
}
