using System.Collections.Concurrent;
using Millrace.Execution;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange.Connections;

/// <summary>The writing side of a connection: takes a frame of each source in turn, writes many at once.</summary>
/// <remarks>
/// <para>
/// A source with something to write is announced, once; the same two looks as in <see cref="ReadyChannels"/> make that
/// no frame is left behind. Sources take turns frame by frame, so none waits for another one's many bytes; one that may
/// not write at present, for want of credit, is not there at all.
/// </para>
/// <para>
/// Whoever announces a source while nobody writes does it himself, as long as the connection takes the bytes at once:
/// waking another thread costs as much as writing a frame. What the connection does not take, and what comes on and on,
/// is written on the pool.
/// </para>
/// </remarks>
internal sealed class ConnectionWriter(IExecution execution)
{
    // Writes on the thread of whoever announces; it has work of its own.
    private const int MaxOwnWrites = 2;

    private readonly ConcurrentQueue<FrameSource> _arrived = new();
    private readonly Queue<FrameSource> _turn = new();
    private readonly FrameGather _frames = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITransportConnection? _connection;
    private CancellationToken _cancellationToken;
    private SynchronizationContext? _home;
    private int _writing;
    private bool _finished;
    private long _writes;

    /// <summary>How many writes there were; read from any thread.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>Says that a source has something to write. From any thread, after it has it.</summary>
    public void Announce(FrameSource source)
    {
        if (Interlocked.Exchange(ref source.Announced, 1) == 0)
        {
            _arrived.Enqueue(source);
            Begin();
        }
    }

    /// <summary>Makes <see cref="RunAsync"/> end after what is announced has been written.</summary>
    public void Finish()
    {
        Volatile.Write(ref _finished, true);
        Begin();
    }

    /// <summary>Writes from now on, until it is finished or canceled.</summary>
    public Task RunAsync(ITransportConnection connection, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _home = SynchronizationContext.Current;
        Volatile.Write(ref _connection, connection);
        Begin();
        return _ended.Task;
    }

    // Unless somebody is at it, who looks once more before he leaves.
    private void Begin()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _connection) is ITransportConnection connection && TryEnter())
        {
            // Its end and its failures are those of RunAsync. Nothing of whoever announces goes along: the function of
            // some job, perhaps, while what is written belongs to all.
            if (SynchronizationContext.Current != _home)
            {
                _ = execution.RunAsync(() => WriteAsync(connection, int.MaxValue));
            }
            else if (ExecutionContext.IsFlowSuppressed())
            {
                _ = WriteAsync(connection, MaxOwnWrites);
            }
            else
            {
                using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
                _ = WriteAsync(connection, MaxOwnWrites);
            }
        }
    }

    private bool TryEnter() => Interlocked.CompareExchange(ref _writing, 1, 0) == 0;

    // Whoever has entered. After the end nobody enters any more.
    private async Task WriteAsync(ITransportConnection connection, int most)
    {
        try
        {
            do
            {
                bool last = Volatile.Read(ref _finished);
                _cancellationToken.ThrowIfCancellationRequested();
                while (!_frames.IsEmpty || Gather())
                {
                    if (most-- == 0)
                    {
                        _ = execution.RunAsync(() => WriteAsync(connection, int.MaxValue));
                        return;
                    }

                    ValueTask write = connection.WriteAsync(_frames.Parts, _cancellationToken);
                    if (!write.IsCompleted)
                    {
                        // Whoever goes on has nothing else to do.
                        most = int.MaxValue;
                    }

                    await write;
                    _frames.Clear();
                    Volatile.Write(ref _writes, _writes + 1);
                }

                if (last)
                {
                    _ended.TrySetResult();
                    return;
                }

                Interlocked.Exchange(ref _writing, 0);
            }
            while ((!_arrived.IsEmpty || Volatile.Read(ref _finished)) && TryEnter());
        }
#pragma warning disable CA1031 // Whatever it is, RunAsync ends with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _frames.Clear();
            _ended.TrySetException(exception);
        }
    }

    private bool Gather()
    {
        while (_arrived.TryDequeue(out FrameSource? source))
        {
            _turn.Enqueue(source);
        }

        while (_frames.HasRoom && _turn.TryDequeue(out FrameSource? source))
        {
            if (source.TryWrite(_frames))
            {
                _turn.Enqueue(source);
                continue;
            }

            Interlocked.Exchange(ref source.Announced, 0);
            if (source.TryWrite(_frames) && Interlocked.Exchange(ref source.Announced, 1) == 0)
            {
                _turn.Enqueue(source);
            }
        }

        return !_frames.IsEmpty;
    }
}
