using Millrace.Connectors.Files.Formats;

namespace Millrace.Connectors.Files.Writing;

/// <summary>Turns records into bytes on the loop, and writes them off it: one buffer is filled while the other is
/// written.</summary>
internal sealed class FileSinkWriter<T> : ISinkWriter<T>
{
    private readonly IRecordFormat<T> _format;
    private readonly OutputFile _file;
    private readonly int _bufferBytes;
    private readonly OffLoopWork _work;
    private Utf8Buffer _filling;
    private Utf8Buffer _writing;
    private bool _isEnd;

    public FileSinkWriter(IRecordFormat<T> format, OutputFile file, int bufferBytes, SinkWriterContext context)
    {
        _format = format;
        _file = file;
        _bufferBytes = bufferBytes;
        _work = new OffLoopWork(context.Run, WriteOut);
        _filling = new Utf8Buffer(bufferBytes);
        _writing = new Utf8Buffer(bufferBytes);
        format.Begin(_filling);
    }

    /// <summary>Takes records while there is room; the end of the work that makes room wakes the loop.</summary>
    public int Write(ReadOnlySpan<T> records)
    {
        int taken = 0;
        while (taken < records.Length)
        {
            if (_filling.Length >= _bufferBytes && !TryHandOver())
            {
                return taken;
            }

            taken += _format.Append(_filling, records[taken..], _bufferBytes);
        }

        if (_filling.Length >= _bufferBytes)
        {
            TryHandOver();
        }

        return taken;
    }

    public async ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
    {
        await _work.WhenIdleAsync(cancellationToken);
        _isEnd = true;
        TryHandOver();
        await _work.WhenIdleAsync(cancellationToken);
        return [_file.Committable.ToBytes()];
    }

    public async ValueTask DisposeAsync()
    {
        await _work.StopAsync();
        _file.Dispose();
        _filling.Dispose();
        _writing.Dispose();
    }

    private bool TryHandOver()
    {
        if (_work.IsBusy)
        {
            return false;
        }

        (_filling, _writing) = (_writing, _filling);
        _filling.Clear();
        _work.Start();
        return true;
    }

    private void WriteOut(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _file.Write(_writing.Written);
        if (_isEnd)
        {
            _file.Complete();
        }
    }
}
