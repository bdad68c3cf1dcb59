namespace Millrace.Connectors;

/// <summary>Reads a whole bounded source: its enumerator and all its readers, in turn, on the calling thread.</summary>
/// <param name="source">What to read.</param>
/// <param name="parallelism">Number of readers.</param>
/// <param name="batchSize">Room of a batch.</param>
public sealed class SourceRun<T, TSplit>(Source<T, TSplit> source, int parallelism = 1, int batchSize = 64)
{
    private readonly List<(T Value, string? Position)> _records = [];
    private readonly List<TSplit> _splits = [];

    /// <summary>What was read, with the position its reader told.</summary>
    public IReadOnlyList<(T Value, string? Position)> Records => _records;

    /// <summary>The records alone.</summary>
    public IReadOnlyList<T> Values => [.. _records.Select(record => record.Value)];

    /// <summary>The splits in the order in which they were handed out.</summary>
    public IReadOnlyList<TSplit> Splits => _splits;

    /// <summary>Where relative paths count from. Default: the process's own directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Reads everything.</summary>
    public async Task<SourceRun<T, TSplit>> ReadAllAsync()
    {
        SplitEnumeratorContext context = new(new string('1', 32), parallelism, TimeProvider.System)
        {
            WorkingDirectory = WorkingDirectory,
        };
        await using ISplitEnumerator<TSplit> enumerator = source.CreateEnumerator(context);
        await enumerator.StartAsync(CancellationToken.None);
        List<ISourceReader<T, TSplit>> readers = [];
        try
        {
            for (int i = 0; i < parallelism; i++)
            {
                readers.Add(source.CreateReader(new TestSourceReaderContext(i, parallelism)));
            }

            bool[] ended = new bool[parallelism];
            while (!ended.All(end => end))
            {
                for (int i = 0; i < parallelism; i++)
                {
                    ended[i] = ended[i] || await StepAsync(readers[i], enumerator, i);
                }
            }
        }
        finally
        {
            foreach (ISourceReader<T, TSplit> reader in readers)
            {
                await reader.DisposeAsync();
            }
        }

        return this;
    }

    private async Task<bool> StepAsync(
        ISourceReader<T, TSplit> reader, ISplitEnumerator<TSplit> enumerator, int subtask)
    {
        switch (ReadBatch(reader))
        {
            case ReadStatus.EndOfInput:
                return true;
            case ReadStatus.NeedSplit:
                SplitAssignment<TSplit> answer = await enumerator.NextAsync(subtask, CancellationToken.None);
                if (answer.Kind == SplitAssignmentKind.Assigned)
                {
                    _splits.Add(answer.Split!);
                    reader.AddSplit(answer.Split!);
                }
                else if (answer.Kind == SplitAssignmentKind.NoMore)
                {
                    reader.NoMoreSplits();
                }

                return false;
            case ReadStatus.NothingNow:
                throw new InvalidOperationException("The reader waits, but all its work is done.");
            default:
                return false;
        }
    }

    private ReadStatus ReadBatch(ISourceReader<T, TSplit> reader)
    {
        T[] values = new T[batchSize];
        SourceBatch<T> batch = new(values);
        ReadStatus status = reader.Read(ref batch);
        for (int i = 0; i < batch.Count; i++)
        {
            _records.Add((values[i], reader.DescribePosition(i)));
        }

        return status;
    }
}
