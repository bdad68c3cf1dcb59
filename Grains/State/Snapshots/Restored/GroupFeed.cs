using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Millrace.State.Snapshots.Restored;

/// <summary>The entries of key groups, in turn: while those of some are taken in, those of the next ones are read and
/// checked. Used by one thread at a time.</summary>
/// <param name="groups">The groups.</param>
internal sealed class GroupFeed(IReadOnlyList<StoredGroup> groups) : IDisposable
{
    // What is read at a time, unless one group is larger; and how many times that beside what is being taken in.
    private const int RunBytes = KeyedSnapshotWriter.BlockBytes;
    private const int RunsAhead = 2;

    private readonly GroupRoom _noRoom = new();
    private readonly Queue<Run> _ahead = new();
    private Run? _run;
    private int _next;
    private int _planned;

    /// <summary>The entries of the next group, one after the other. Valid until the next call.</summary>
    /// <exception cref="Failures.StreamingException">They cannot be read, or are not those that were
    /// written.</exception>
    /// <exception cref="IOException">They cannot be read; trying again may help.</exception>
    public ReadOnlySpan<byte> Next()
    {
        StoredGroup group = groups[_next++];
        if (group.Elsewhere is null)
        {
            return group.Read(_noRoom);
        }

        if (_run is null || _run.End < _next)
        {
            _run?.Dispose();
            PlanAhead();
            _run = _ahead.Dequeue();
            PlanAhead();
            _run.Complete();
        }

        return _run.Take(group.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Dispose();
        _run = null;
        foreach (Run run in _ahead)
        {
            run.Dispose();
        }

        _ahead.Clear();
    }

    private void PlanAhead()
    {
        while (_ahead.Count < RunsAhead)
        {
            while (_planned < groups.Count && groups[_planned].Elsewhere is null)
            {
                _planned++;
            }

            if (_planned == groups.Count)
            {
                return;
            }

            int first = _planned;
            int bytes = groups[_planned++].Length;
            while (_planned < groups.Count
                && groups[_planned].Elsewhere == groups[first].Elsewhere
                && bytes + (long)groups[_planned].Length <= RunBytes)
            {
                bytes += groups[_planned++].Length;
            }

            Run run = new(groups, first, _planned, bytes);
            run.Begin();
            _ahead.Enqueue(run);
        }
    }

    /// <summary>Neighbouring groups, read by whoever comes first: the thread beside, or the one that wants
    /// them.</summary>
    private sealed class Run(IReadOnlyList<StoredGroup> groups, int first, int end, int bytes) : IDisposable
    {
        private byte[] _bytes = [];
        private int _taken;
        private int _isBegun;
        private Task? _beside;
        private ExceptionDispatchInfo? _failure;

        /// <summary>Number of the group behind the last one.</summary>
        public int End => end;

        /// <summary>Has it read beside the caller, if possible.</summary>
        public void Begin() => _beside = groups[first].Elsewhere!.RunBeside(() => TryRead());

        /// <summary>Waits until it is read; reads it, if nobody has begun to.</summary>
        public void Complete()
        {
            WaitOrRead(reads: true);
            _failure?.Throw();
        }

        /// <summary>The next bytes.</summary>
        public ReadOnlySpan<byte> Take(int length)
        {
            _taken += length;
            return _bytes.AsSpan(_taken - length, length);
        }

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
                _bytes = ArrayPool<byte>.Shared.Rent(bytes);
                int at = 0;
                for (int i = first; i < end; i++)
                {
                    groups[i].Read(_bytes.AsSpan(at, groups[i].Length));
                    at += groups[i].Length;
                }
            }
#pragma warning disable CA1031 // Whoever wants the bytes sees it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}
