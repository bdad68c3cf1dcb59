using Millrace.Serialization;

namespace Millrace.Connectors;

/// <summary>An enumerator and its readers, without a runtime.</summary>
internal sealed class SourceSide<T, TSplit>(
    Source<T, TSplit> source, SerializerSet serializers, int parallelism, string workingDirectory) : IAsyncDisposable
{
    private readonly TypeSerializer<TSplit> _serializer = serializers.Get<TSplit>();
    private readonly ISourceReader<T, TSplit>[] _readers = new ISourceReader<T, TSplit>[parallelism];
    private readonly LentRecords<T>[] _lent = new LentRecords<T>[parallelism];
    private readonly bool[] _ended = new bool[parallelism];
    private readonly bool[] _toldNoMore = new bool[parallelism];
    private ISplitEnumerator<TSplit>? _enumerator;

    public bool HasEnded => _ended.All(end => end);

    private ISplitEnumerator<TSplit> Enumerator => _enumerator!;

    /// <summary>Begins, or goes on from a snapshot, whose splits are dealt out.</summary>
    public async Task StartAsync(byte[]? enumeration, List<byte[]> splits)
    {
        SplitEnumeratorContext context = new(new string('1', 32), parallelism, TimeProvider.System)
        {
            WorkingDirectory = workingDirectory,
        };
        _enumerator = enumeration is null
            ? source.CreateEnumerator(context)
            : source.RestoreEnumerator(context, enumeration);
        await _enumerator.StartAsync(CancellationToken.None);
        for (int i = 0; i < parallelism; i++)
        {
            _readers[i] = NewReader(i);
        }

        for (int i = 0; i < splits.Count; i++)
        {
            _readers[i % parallelism].AddSplit(Of(splits[i]));
        }
    }

    /// <summary>Replaces a reader by one that goes on from its splits, some of which go by way of the
    /// enumerator.</summary>
    public async Task RestartReaderAsync(int subtask)
    {
        IReadOnlyList<TSplit> left = [.. _readers[subtask].Snapshot().Select(split => Of(BytesOf(split)))];
        _lent[subtask].GiveBack();
        await _readers[subtask].DisposeAsync();
        _readers[subtask] = NewReader(subtask);
        _ended[subtask] = false;
        _toldNoMore[subtask] = false;
        Enumerator.AddBack([.. left.Take(left.Count / 2)], subtask);
        foreach (TSplit split in left.Skip(left.Count / 2))
        {
            _readers[subtask].AddSplit(split);
        }
    }

    /// <summary>Reads once, and gets a split if one is asked for.</summary>
    /// <param name="subtask">The reader.</param>
    /// <param name="room">Most records.</param>
    /// <param name="eager">Whether the reader gets a further split though it does not ask.</param>
    public async Task<T[]> ReadAsync(int subtask, int room, bool eager)
    {
        (ReadStatus status, T[] read) = Read(subtask, room);
        if (status == ReadStatus.EndOfInput)
        {
            _ended[subtask] = true;
        }
        else if ((status == ReadStatus.NeedSplit || eager) && !_toldNoMore[subtask])
        {
            await GetSplitAsync(subtask);
        }

        return read;
    }

    public (byte[] Enumeration, List<byte[]> Splits) Snapshot() =>
        (Enumerator.Snapshot(), [.. _readers.SelectMany(reader => reader.Snapshot()).Select(BytesOf)]);

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_lent, lent => lent.GiveBack());
        foreach (ISourceReader<T, TSplit> reader in _readers)
        {
            await reader.DisposeAsync();
        }

        await Enumerator.DisposeAsync();
    }

    private (ReadStatus Status, T[] Records) Read(int subtask, int room)
    {
        _lent[subtask].GiveBack();
        T[] values = new T[room];
        SourceBatch<T> batch = new(values, new long[room], canBorrow: true);
        ReadStatus status = _readers[subtask].Read(ref batch);
        if (batch.Lent.Count == 0)
        {
            return (status, values[..batch.Count]);
        }

        _lent[subtask] = new LentRecords<T>(batch.Lent);
        return (status, [.. batch.Lent]);
    }

    private async Task GetSplitAsync(int subtask)
    {
        SplitAssignment<TSplit> answer = await Enumerator.NextAsync(subtask, CancellationToken.None);
        if (answer.Kind == SplitAssignmentKind.Assigned)
        {
            _readers[subtask].AddSplit(Of(BytesOf(answer.Split!)));
        }
        else if (answer.Kind == SplitAssignmentKind.NoMore)
        {
            _toldNoMore[subtask] = true;
            _readers[subtask].NoMoreSplits();
        }
    }

    private ISourceReader<T, TSplit> NewReader(int subtask) =>
        source.CreateReader(new TestSourceReaderContext(subtask, parallelism));

    private byte[] BytesOf(TSplit split)
    {
        using RecordWriter writer = new();
        _serializer.Write(writer, in split);
        return writer.WrittenSpan.ToArray();
    }

    private TSplit Of(byte[] bytes)
    {
        RecordReader reader = new(bytes);
        TSplit split = _serializer.Read(ref reader);
        reader.ExpectEnd();
        return split;
    }
}
