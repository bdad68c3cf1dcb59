namespace Millrace.Connectors;

/// <summary>Runs the writers and the committer of a sink step by step, without a runtime.</summary>
/// <param name="sink">Where records go.</param>
/// <param name="parallelism">Number of writers.</param>
/// <param name="workingDirectory">Where relative paths count from.</param>
public sealed class SinkRun<T>(Sink<T> sink, int parallelism = 1, string? workingDirectory = null)
{
    private readonly List<byte[]> _committables = [];

    /// <summary>The job's id. Default: 32 times the digit one.</summary>
    public string JobId { get; init; } = new('1', 32);

    /// <summary>What the writers returned.</summary>
    public IReadOnlyList<byte[]> Committables => _committables;

    /// <summary>A committer of its own for each call, as after the death of a process.</summary>
    public ISinkCommitter Committer => sink.CreateCommitter(CommitterContext)!;

    private SinkCommitterContext CommitterContext => new(JobId, parallelism, TimeProvider.System)
    {
        WorkingDirectory = workingDirectory ?? Environment.CurrentDirectory,
    };

    /// <summary>A writer of one subtask.</summary>
    public ISinkWriter<T> CreateWriter(int subtask = 0, int attempt = 0) =>
        sink.CreateWriter(ContextOf(subtask, attempt));

    /// <summary>A context for a writer of one subtask.</summary>
    public TestSinkWriterContext ContextOf(int subtask = 0, int attempt = 0) =>
        new(new TestRuntimeContext(subtask, parallelism)
        {
            JobIdText = JobId,
            Attempt = attempt,
            Directory = workingDirectory,
        });

    /// <summary>Before anything is deployed.</summary>
    public async Task PrepareAsync() => await Committer.PrepareAsync(CancellationToken.None);

    /// <summary>Writes records round robin by all subtasks, and finishes them.</summary>
    public async Task WriteAsync(IEnumerable<T> records, int attempt = 0)
    {
        T[] all = [.. records];
        for (int subtask = 0; subtask < parallelism; subtask++)
        {
            int remainder = subtask;
            T[] own = [.. all.Where((_, index) => index % parallelism == remainder)];
            await using ISinkWriter<T> writer = CreateWriter(subtask, attempt);
            int taken = writer.Write(own);
            if (taken != own.Length)
            {
                throw new InvalidOperationException(
                    $"{taken} of {own.Length} records were taken, though all work is done.");
            }

            _committables.AddRange(await writer.FinishAsync(CancellationToken.None));
        }
    }

    /// <summary>The job has finished.</summary>
    public async Task CommitAsync()
    {
        await CommitAsync(_committables);
        await EndAsync();
    }

    /// <summary>Commits, by a committer of its own. Every request must be done by that.</summary>
    public async Task CommitAsync(IEnumerable<byte[]> committables)
    {
        CommitRequest[] requests = [.. committables.Select(committable => new CommitRequest(committable))];
        await Committer.CommitAsync(requests, CancellationToken.None);
        if (Array.Find(requests, request => request.Result != CommitResult.Committed) is { } open)
        {
            throw new InvalidOperationException($"A result is not committed ({open.Result}): {open.Reason}");
        }
    }

    /// <summary>The job has finished, and everything was committed.</summary>
    public async Task EndAsync() => await Committer.EndAsync(CancellationToken.None);

    /// <summary>The job has failed.</summary>
    public async Task AbortAsync() => await Committer.AbortAsync(CancellationToken.None);

    /// <summary>All of it.</summary>
    public async Task RunAsync(IEnumerable<T> records)
    {
        await PrepareAsync();
        await WriteAsync(records);
        await CommitAsync();
    }
}
