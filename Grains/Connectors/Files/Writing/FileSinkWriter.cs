using Millrace.Connectors.Files.Formats;
using Millrace.Execution.Files;

namespace Millrace.Connectors.Files.Writing;

/// <summary>Turns records into bytes on the loop, and writes them off it. Each checkpoint completes the files that are
/// open, so that they can be made visible with it.</summary>
internal sealed class FileSinkWriter<T> : ISinkWriter<T>
{
    // The first capacity of a buffer, where there is one for each of many files.
    private const int SmallBufferBytes = 4 << 10;

    private readonly IRecordFormat<T> _format;
    private readonly OutputFiles _files;
    private readonly FileSinkOptions _options;
    private readonly Func<T, string>? _bucketOf;
    private readonly OffLoopWork _work;
    private readonly Dictionary<string, OutputPart> _open = new(StringComparer.Ordinal);

    // Handed over to the work off the loop, and what it made of them.
    private readonly List<OutputPart> _writing = [];
    private readonly List<byte[]> _committables = [];

    // Parts that get no more records, until they are handed over.
    private readonly List<OutputPart> _closing = [];
    private long _writes;
    private int _filledBytes;

    public FileSinkWriter(
        IRecordFormat<T> format,
        OutputFiles files,
        FileSinkOptions options,
        Func<T, string>? bucketOf,
        SinkWriterContext context)
    {
        _format = format;
        _files = files;
        _options = options;
        _bucketOf = bucketOf;
        _work = new OffLoopWork(context.Run, WriteOut);
        if (bucketOf is null && files.Next == 0)
        {
            // A subtask without records writes a file too, so that the files tell how many there were.
            Open("");
        }
    }

    /// <summary>Takes records while there is room; the end of the work that makes room wakes the loop.</summary>
    public int Write(ReadOnlySpan<T> records)
    {
        _writes++;
        int taken = 0;
        while (taken < records.Length)
        {
            if (_filledBytes >= _options.BufferBytes && !TryHandOver())
            {
                return taken;
            }

            string bucket = BucketOf(in records[taken]);
            if (!_open.TryGetValue(bucket, out OutputPart? part))
            {
                if (_open.Count >= _options.MaxOpenFiles && !TryCloseOldest())
                {
                    return taken;
                }

                part = Open(bucket);
            }

            int end = taken + 1;
            while (end < records.Length && (_bucketOf is null || _bucketOf(records[end]) == bucket))
            {
                end = _bucketOf is null ? records.Length : end + 1;
            }

            taken += Append(part, records[taken..end]);
        }

        if (_filledBytes >= _options.BufferBytes)
        {
            TryHandOver();
        }

        return taken;
    }

    public async ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> committables = await CompleteAsync(part => part.HasRecords, cancellationToken);
        return new SinkWriterSnapshot([_files.State.ToBytes()], committables);
    }

    public async ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
    [
        .. await CompleteAsync(_ => true, cancellationToken),
        .. _files.SuccessFiles.Select(mark => mark.ToBytes()),
    ];

    public async ValueTask DisposeAsync()
    {
        await _work.StopAsync();
        foreach (OutputPart part in _open.Values.Concat(_closing).Concat(_writing).Distinct())
        {
            part.Dispose();
        }
    }

    private string BucketOf(in T record) => _bucketOf is null
        ? ""
        : _bucketOf(record) ?? throw new InvalidOperationException("The function that names buckets returned null.");

    private OutputPart Open(string bucket)
    {
        OutputPart part = new(
            _files.Create(bucket),
            _bucketOf is null ? _options.BufferBytes : Math.Min(_options.BufferBytes, SmallBufferBytes));
        _open.Add(bucket, part);
        _format.Begin(part.Filling);
        _filledBytes += part.Filling.Length;
        return part;
    }

    private int Append(OutputPart part, ReadOnlySpan<T> records)
    {
        int before = part.Filling.Length;
        int room = Math.Max(_options.BufferBytes - _filledBytes, 1);
        int count = _format.Append(part.Filling, records, before + room);
        _filledBytes += part.Filling.Length - before;
        part.HasRecords = true;
        part.LastUsed = _writes;
        return count;
    }

    private bool TryCloseOldest()
    {
        if (_work.IsBusy)
        {
            return false;
        }

        KeyValuePair<string, OutputPart> oldest = _open.MinBy(open => open.Value.LastUsed);
        Close(oldest.Key, oldest.Value);
        return TryHandOver();
    }

    private void Close(string bucket, OutputPart part)
    {
        part.IsLast = true;
        _open.Remove(bucket);
        _closing.Add(part);
    }

    private async ValueTask<IReadOnlyList<byte[]>> CompleteAsync(
        Predicate<OutputPart> which, CancellationToken cancellationToken)
    {
        await _work.WhenIdleAsync(cancellationToken);
        foreach ((string bucket, OutputPart part) in _open.Where(open => which(open.Value)).ToArray())
        {
            Close(bucket, part);
        }

        TryHandOver();
        await _work.WhenIdleAsync(cancellationToken);
        Retire();
        byte[][] committables = [.. _committables];
        _committables.Clear();
        return committables;
    }

    private bool TryHandOver()
    {
        if (_work.IsBusy)
        {
            return false;
        }

        Retire();
        _writing.AddRange(_closing);
        _closing.Clear();
        foreach (OutputPart part in _open.Values)
        {
            if (part.Filling.Length > 0)
            {
                _writing.Add(part);
            }
        }

        foreach (OutputPart part in _writing)
        {
            part.Turn();
        }

        _filledBytes = 0;
        _work.Start();
        return true;
    }

    /// <summary>Lets go of what the last work completed.</summary>
    private void Retire()
    {
        foreach (OutputPart part in _writing)
        {
            if (part.IsDone)
            {
                part.Dispose();
            }
        }

        _writing.Clear();
    }

    private void WriteOut(CancellationToken cancellationToken)
    {
        HashSet<string> directories = [];
        foreach (OutputPart part in _writing)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (part.WriteOut() is { } committable)
            {
                _committables.Add(committable.ToBytes());
                directories.Add(part.Directory);
            }
        }

        // What is told to be complete is there under its name after a power failure too.
        foreach (string directory in directories)
        {
            DirectoryEntries.Flush(directory);
        }
    }
}
