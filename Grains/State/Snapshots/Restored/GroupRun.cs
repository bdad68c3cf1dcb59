using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Millrace.State.Snapshots.Restored;

/// <summary>Some groups in turn from one place elsewhere, read by whoever comes first: the thread beside, or the one
/// that wants them.</summary>
/// <param name="groups">All groups.</param>
/// <param name="first">Number of the first one.</param>
/// <param name="end">Number behind the last one.</param>
/// <param name="length">Number of their bytes.</param>
/// <param name="stop">Gives up.</param>
internal sealed class GroupRun(
    IReadOnlyList<StoredGroup> groups, int first, int end, int length, CancellationToken stop) : IDisposable
{
    private byte[] _bytes = [];
    private int _taken;
    private int _isBegun;
    private Task? _beside;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Number of the group behind the last one.</summary>
    public int End => end;

    /// <summary>Number of bytes of all of them.</summary>
    public int Length => length;

    /// <summary>Ends when they are read, or nobody reads them beside; null when that is so.</summary>
    public Task? Reading => _beside is { IsCompleted: false } beside ? beside : null;

    /// <summary>Has it read beside the caller, if possible.</summary>
    public void Begin() => _beside = groups[first].Elsewhere!.RunBeside(() => TryRead());

    /// <summary>Waits until it is read; reads it, if nobody has begun to.</summary>
    public void Complete()
    {
        WaitOrRead(reads: true);
        _failure?.Throw();
    }

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        _taken += count;
        return _bytes.AsSpan(_taken - count, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        WaitOrRead(reads: false);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    // Who has begun comes to an end by himself, however many wait for it.
    private void WaitOrRead(bool reads)
    {
        if (Interlocked.Exchange(ref _isBegun, 1) != 0)
        {
            _beside?.GetAwaiter().GetResult();
            return;
        }

        _beside = null;
        if (reads)
        {
            Read();
        }
    }

    private void TryRead()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) == 0)
        {
            Read();
        }
    }

    private void Read()
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
            int at = 0;
            for (int i = first; i < end;)
            {
                int next = SideBySide(i, out int bytes);
                groups[i].Elsewhere!.Read(groups[i].Offset, _bytes.AsMemory(at, bytes), stop);
                for (; i < next; i++)
                {
                    groups[i].Check(_bytes.AsSpan(at, groups[i].Length));
                    at += groups[i].Length;
                }
            }
        }
#pragma warning disable CA1031 // Whoever wants the bytes sees it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    // Those that stand side by side are read in one go.
    private int SideBySide(int from, out int bytes)
    {
        bytes = groups[from].Length;
        int next = from + 1;
        while (next < end && groups[next - 1].IsBefore(groups[next]))
        {
            bytes += groups[next++].Length;
        }

        return next;
    }
}
