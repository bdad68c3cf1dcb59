using Millrace.Checkpointing;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;

namespace Millrace.Tasks.Checkpointing;

/// <summary>The bytes of restored state where its checkpoint keeps them: they are read when somebody asks for them.
/// </summary>
/// <remarks>Later checkpoints take the place of that one, whose files go then. What is written into the first of them
/// without having been asked for is therefore kept aside while it is written, piece by piece. Thread-safe; what is read
/// of the file is read by all at once.</remarks>
/// <param name="source">A file of the checkpoint; closed when nobody can ask for what is not kept.</param>
/// <param name="threads">Run reads.</param>
/// <param name="room">For what is kept aside, and held by its owner until then; null for memory.</param>
internal sealed class StoredBytes(SnapshotSource source, ReadThreads threads, RestoredRoom? room) : RestoredBytes
{
    private readonly Lock _lock = new();
    private readonly IDisposable? _hold = room?.Hold();
    private readonly SortedList<long, Kept> _kept = [];

    public override void Read(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        while (!into.IsEmpty)
        {
            (Kept? kept, int length) = Find(offset, into.Length);
            Memory<byte> some = into[..length];
            try
            {
                if (kept is { } aside)
                {
                    Read(aside, some, cancellationToken);
                }
                else
                {
                    source.Read(offset, some, cancellationToken);
                }
            }
            catch (IOException) when (kept is null && Find(offset, length).Kept is not null)
            {
                // The file went while it was read: what it held was kept before.
                continue;
            }

            offset += length;
            into = into[length..];
        }
    }

    public override Task? RunBeside(Action reads) => threads.TryRun(reads);

    public override void Keep(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_kept.ContainsKey(offset))
            {
                _kept.Add(offset, room is null
                    ? new Kept(bytes.ToArray(), 0, bytes.Length)
                    : new Kept(null, Append(bytes), bytes.Length));
            }
        }
    }

    public override Exception DamageOf(RecordCorruptedException finding, long offset) =>
        new CheckpointCorruptedException(source.Place, finding.Message, finding, offset + finding.Offset)
        {
            IsOfRestore = true,
        };

    protected override void Leave() => source.Dispose();

    protected override void End() => _hold?.Dispose();

    // What is kept of pieces that begin here, or how much of them is not.
    private (Kept? Kept, int Length) Find(long offset, int length)
    {
        lock (_lock)
        {
            int at = FirstFrom(offset);
            if (at == _kept.Count)
            {
                return (null, length);
            }

            long first = _kept.GetKeyAtIndex(at);
            return first == offset
                ? (_kept.GetValueAtIndex(at), _kept.GetValueAtIndex(at).Length)
                : (null, (int)Math.Min(length, first - offset));
        }
    }

    private int FirstFrom(long offset)
    {
        int first = 0;
        int end = _kept.Count;
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            (first, end) = _kept.GetKeyAtIndex(middle) < offset ? (middle + 1, end) : (first, middle);
        }

        return first;
    }

    private void Read(Kept kept, Memory<byte> into, CancellationToken cancellationToken)
    {
        if (kept.Bytes is not null)
        {
            kept.Bytes.CopyTo(into);
            return;
        }

        room!.Read(kept.Offset, into, cancellationToken);
    }

    // It belongs to all of a deployment.
    private long Append(ReadOnlySpan<byte> bytes)
    {
        lock (room!)
        {
            return room.Append(bytes);
        }
    }

    /// <summary>A piece that is kept: here, or in the room.</summary>
    private readonly record struct Kept(byte[]? Bytes, long Offset, int Length);
}
