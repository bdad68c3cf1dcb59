using System.Globalization;
using System.Text;

namespace Millrace.Connectors.Console;

/// <summary>Makes lines on the loop and writes them off it, whole batches of lines in one call: the console takes one
/// call at a time, so that lines stay in one piece.</summary>
internal sealed class ConsoleWriter<T>(string lineBegin, TextWriter output, SinkWriterContext context) : ISinkWriter<T>
{
    private const int FullCharacters = 64 << 10;

    private readonly Lock _lock = new();
    private readonly StringBuilder _lines = new();
    private readonly StringBuilder _waiting = new();
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _paused;
    private bool _isWriting;
    private bool _isEnd;
    private bool _isStopped;

    public int Write(ReadOnlySpan<T> records)
    {
        int room = FullCharacters - Waiting();
        int taken = 0;
        while (taken < records.Length && _lines.Length < room)
        {
            _lines.Append(lineBegin).Append(CultureInfo.InvariantCulture, $"{records[taken++]}").Append('\n');
        }

        if (taken > 0 && TryPass())
        {
            context.Run(WriteOut);
        }

        return taken;
    }

    public async ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        Task written;
        lock (_lock)
        {
            written = _isWriting
                ? (_paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }

        await written.WaitAsync(cancellationToken);
        return SinkWriterSnapshot.Empty;
    }

    public async ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isEnd = true;
            if (!_isWriting)
            {
                _written.TrySetResult();
            }
        }

        await _written.Task.WaitAsync(cancellationToken);
        return [];
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isStopped = true;
        }

        return ValueTask.CompletedTask;
    }

    private int Waiting()
    {
        lock (_lock)
        {
            return _waiting.Length;
        }
    }

    /// <returns>Whether writing has to be started: it goes on by itself until nothing waits.</returns>
    private bool TryPass()
    {
        lock (_lock)
        {
            _waiting.Append(_lines);
            _lines.Clear();
            bool starts = !_isWriting;
            _isWriting = true;
            return starts;
        }
    }

    private ValueTask WriteOut(CancellationToken cancellationToken)
    {
        try
        {
            while (TryTake(out string text))
            {
                cancellationToken.ThrowIfCancellationRequested();
                output.Write(text);
            }
        }
        catch (Exception exception)
        {
            _written.TrySetException(exception);
            _paused?.TrySetException(exception);
            throw;
        }

        return ValueTask.CompletedTask;
    }

    private bool TryTake(out string text)
    {
        lock (_lock)
        {
            text = _isStopped ? "" : _waiting.ToString();
            _waiting.Clear();
            _isWriting = text.Length > 0;
            if (!_isWriting)
            {
                _paused?.TrySetResult();
                _paused = null;
            }

            if (!_isWriting && _isEnd)
            {
                _written.TrySetResult();
            }

            return _isWriting;
        }
    }
}
