using Millrace.Batches;
using Millrace.Network.Exchange;
using Millrace.Network.InFlight;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>The consuming end of a channel that reads a partition of the same silo. Blocks are decoded by the
/// consumer's loop; what is on the disk is fetched off it.</summary>
internal sealed class LocalPartitionChannel<T>(
    ChannelId id, PartitionCursor cursor, BatchDecoder<T> decoder, PartitionStore store) : IInputChannel
{
    private readonly Lock _lock = new();
    private ReadyChannels? _ready;
    private int _index;
    private bool _loading;
    private bool _released;
    private bool _ended;
    private Exception? _failure;
    private long _records;
    private long _batches;
    private long _bytes;

    /// <inheritdoc/>
    public ChannelId Id => id;

    /// <inheritdoc/>
    public EdgeCounts Counts => new(
        Volatile.Read(ref _records), Volatile.Read(ref _batches), Volatile.Read(ref _bytes), Queued: 0);

    /// <inheritdoc/>
    public void Attach(ReadyChannels ready, int index)
    {
        _index = index;
        _ready = ready;
        ready.Announce(index);
    }

    /// <inheritdoc/>
    /// <exception cref="PartitionLostException">It cannot be read.</exception>
    public bool TryTake(out StreamElement? element)
    {
        element = null;
        if (Volatile.Read(ref _loading) || _ended)
        {
            return false;
        }

        if (_failure is not null)
        {
            throw _failure;
        }

        if (decoder.IsReading)
        {
            element = Decode();
            return true;
        }

        switch (cursor.TryRead(out IncomingItem block))
        {
            case CursorStatus.Block:
                decoder.Begin(block);
                _bytes += block.Length;
                element = Decode();
                return true;
            case CursorStatus.ToLoad:
                Volatile.Write(ref _loading, true);
                _ = store.Execution.RunAsync(LoadAsync);
                return false;
            default:
                _ended = true;
                element = EndOfData.Instance;
                return true;
        }
    }

    /// <inheritdoc/>
    public void Record(long checkpoint, InFlightRecords into) =>
        throw new NotSupportedException("No checkpoint is taken of what a finished producer has left.");

    /// <inheritdoc/>
    public void ReleaseConsumer()
    {
        decoder.Drop();
        lock (_lock)
        {
            _released = true;
            if (_loading)
            {
                return;
            }
        }

        cursor.Dispose();
    }

    private RecordBatch<T> Decode()
    {
        RecordBatch<T> batch = decoder.Read();
        _records += batch.Count;
        _batches++;
        return batch;
    }

    // Off the loop; what goes wrong is thrown there.
    private async Task LoadAsync()
    {
        try
        {
            await cursor.LoadAsync();
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }

        bool isReleased;
        lock (_lock)
        {
            Volatile.Write(ref _loading, false);
            isReleased = _released;
        }

        if (isReleased)
        {
            cursor.Dispose();
            return;
        }

        _ready!.Announce(_index);
    }
}
