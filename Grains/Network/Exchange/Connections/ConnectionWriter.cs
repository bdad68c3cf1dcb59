using System.Collections.Concurrent;
using Millrace.Execution;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange.Connections;

/// <summary>The writing side of a connection: takes a frame of each source in turn, writes many at once.</summary>
/// <remarks>
/// A source with something to write is announced, once; the same two looks as in <see cref="ReadyChannels"/> make that
/// no frame is left behind. Sources take turns frame by frame, so none waits for another one's many bytes; one that may
/// not write at present, for want of credit, is not there at all.
/// </remarks>
internal sealed class ConnectionWriter
{
    private readonly ConcurrentQueue<FrameSource> _arrived = new();
    private readonly Queue<FrameSource> _turn = new();
    private readonly FrameGather _frames = new();
    private readonly AsyncSignal _signal = new();
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
            _signal.Raise();
        }
    }

    /// <summary>Makes <see cref="RunAsync"/> end after what is announced has been written.</summary>
    public void Finish()
    {
        Volatile.Write(ref _finished, true);
        _signal.Raise();
    }

    /// <summary>Writes until it is finished or canceled.</summary>
    public async Task RunAsync(ITransportConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                bool last = Volatile.Read(ref _finished);
                while (Gather())
                {
                    await connection.WriteAsync(_frames.Parts, cancellationToken);
                    _frames.Clear();
                    Volatile.Write(ref _writes, _writes + 1);
                }

                if (last)
                {
                    return;
                }

                await _signal.WaitAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _frames.Clear();
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
