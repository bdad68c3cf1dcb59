namespace Millrace.Connectors;

/// <summary>Attacks the two-phase commit of a sink at one step after the other: each record becomes visible once, with
/// its checkpoint, whatever process dies.</summary>
/// <remarks>
/// A run has four pieces of records. The first is written and committed with a checkpoint. The second meets the crash;
/// other writers, in another number, go on from the last complete checkpoint, get the piece again where it was lost,
/// write the third one, which is committed with a checkpoint of its own, and finish with the last one. After each
/// commit what is visible is compared.
/// </remarks>
/// <param name="createSink">Makes the sink, as each process that takes part does.</param>
/// <param name="visible">Reads what is visible, in any order.</param>
public sealed class TwoPhaseCommitVerifier<T>(Func<Sink<T>> createSink, Func<IEnumerable<T>> visible)
{
    private const int Pieces = 4;
    private const int Before = 2;
    private const int After = 3;

    private readonly string _jobId = new('1', 32);

    /// <summary>Where relative paths count from. Default: the process's own directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>One run.</summary>
    /// <param name="crash">Where a process dies.</param>
    /// <param name="records">At least four, no two of them equal.</param>
    /// <exception cref="InvalidOperationException">Something is visible that is not to be, or is missing, or twice
    /// there; the message names the crash and the step.</exception>
    public async Task RunAsync(CommitCrash crash, IReadOnlyList<T> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        T[][] pieces = [.. records.Chunk((records.Count + Pieces - 1) / Pieces)];
        await CommitterOf(Before).PrepareAsync(CancellationToken.None);
        List<ISinkWriter<T>> writers = Writers(attempt: 0, Before, states: null);
        Write(writers, pieces[0]);
        (List<byte[]> states, List<byte[]> committables) = await SnapshotAsync(writers);
        Require(crash, "before the first commit", []);
        await CommitAsync(CommitterOf(Before), committables);
        Require(crash, "after the first commit", pieces[0]);

        Write(writers, pieces[1]);
        (List<byte[]> next, bool isKept) = await CrashAsync(crash, writers, states, pieces);
        List<ISinkWriter<T>> stale = crash == CommitCrash.StaleWriters ? writers : [];
        if (crash != CommitCrash.None)
        {
            await CommitterOf(After).RecoverAsync([], CancellationToken.None);
            writers = Writers(attempt: 1, After, next);
        }

        Write(writers, isKept ? pieces[2] : [.. pieces[1], .. pieces[2]]);
        await EndStaleAsync(stale, pieces[1]);
        (_, committables) = await SnapshotAsync(writers);
        Require(crash, "before the commit after the crash", isKept ? [.. pieces[0], .. pieces[1]] : pieces[0]);
        await CommitAsync(CommitterOf(After), committables);
        Require(crash, "after the commit after the crash", [.. pieces[0], .. pieces[1], .. pieces[2]]);

        Write(writers, pieces[3]);
        await CommitAsync(CommitterOf(After), await FinishAsync(writers));
        await CommitterOf(After).EndAsync(CancellationToken.None);
        Require(crash, "at the end", records);
    }

    /// <summary>Lets a process die.</summary>
    /// <returns>What other writers go on from, and whether that holds the records written last.</returns>
    private async Task<(List<byte[]> States, bool IsKept)> CrashAsync(
        CommitCrash crash, List<ISinkWriter<T>> writers, List<byte[]> before, T[][] pieces)
    {
        if (crash is CommitCrash.BeforePreCommit or CommitCrash.StaleWriters)
        {
            await DisposeAsync(crash == CommitCrash.BeforePreCommit ? writers : []);
            return (before, false);
        }

        (List<byte[]> states, List<byte[]> committables) = await SnapshotAsync(writers);
        Require(crash, "before the second commit", pieces[0]);
        if (crash == CommitCrash.AfterPreCommit)
        {
            await DisposeAsync(writers);
            return (before, false);
        }

        if (crash is CommitCrash.WithinCommit)
        {
            await CommitAsync(CommitterOf(Before), committables.Take((committables.Count + 1) / 2));
        }

        if (crash is CommitCrash.AfterCommit)
        {
            await CommitAsync(CommitterOf(Before), committables);
        }

        if (crash != CommitCrash.None)
        {
            await DisposeAsync(writers);
        }

        // Whoever takes over begins with this.
        ISinkCommitter stale = CommitterOf(Before);
        await CommitAsync(CommitterOf(After), committables);
        if (crash == CommitCrash.StaleCommitter)
        {
            await CommitAsync(stale, committables);
        }

        Require(crash, "after the second commit", [.. pieces[0], .. pieces[1]]);
        return (states, true);
    }

    // Nobody completes a checkpoint of theirs any more.
    private static async Task EndStaleAsync(List<ISinkWriter<T>> stale, T[] records)
    {
        if (stale.Count > 0)
        {
            Write(stale, records);
            await SnapshotAsync(stale);
            Write(stale, records);
            await DisposeAsync(stale);
        }
    }

    private List<ISinkWriter<T>> Writers(int attempt, int parallelism, List<byte[]>? states)
    {
        List<ISinkWriter<T>> writers = [];
        for (int subtask = 0; subtask < parallelism; subtask++)
        {
            int own = subtask;
            Sink<T> sink = createSink();
            TestSinkWriterContext context = new(new TestRuntimeContext(subtask, parallelism)
            {
                JobIdText = _jobId,
                Attempt = attempt,
                Directory = WorkingDirectory,
            });
            writers.Add(states is null
                ? sink.CreateWriter(context)
                : sink.RestoreWriter(
                    context,
                    sink.SharesWriterStates ? states : [.. states.Where((_, i) => i % parallelism == own)]));
        }

        return writers;
    }

    private ISinkCommitter CommitterOf(int parallelism) =>
        createSink().CreateCommitter(new SinkCommitterContext(_jobId, parallelism, TimeProvider.System)
        {
            WorkingDirectory = WorkingDirectory ?? Environment.CurrentDirectory,
        }) ?? throw new InvalidOperationException($"Sink '{createSink().Name}' has no committer: it commits nothing.");

    private void Require(CommitCrash crash, string when, IEnumerable<T> expected)
    {
        Dictionary<string, int> balance = [];
        foreach (T record in visible())
        {
            balance[$"{record}"] = balance.GetValueOrDefault($"{record}") + 1;
        }

        foreach (T record in expected)
        {
            balance[$"{record}"] = balance.GetValueOrDefault($"{record}") - 1;
        }

        string[] wrong = [.. balance.Where(one => one.Value != 0).Select(one => one.Value > 0
            ? $"'{one.Key}' is there {one.Value} times too often"
            : $"'{one.Key}' is missing")];
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException(
                $"Crash {crash}, {when}: {string.Join(", ", wrong.Take(Pieces))}"
                + (wrong.Length > Pieces ? $" and {wrong.Length - Pieces} more." : "."));
        }
    }

    private static void Write(List<ISinkWriter<T>> writers, T[] records)
    {
        for (int i = 0; i < writers.Count; i++)
        {
            int own = i;
            T[] part = [.. records.Where((_, index) => index % writers.Count == own)];
            for (int written = 0; written < part.Length;)
            {
                int taken = writers[i].Write(part.AsSpan(written));
                written += taken > 0
                    ? taken
                    : throw new InvalidOperationException("A writer takes nothing, though all its work is done.");
            }
        }
    }

    private static async Task<(List<byte[]> States, List<byte[]> Committables)> SnapshotAsync(
        List<ISinkWriter<T>> writers)
    {
        List<byte[]> states = [];
        List<byte[]> committables = [];
        foreach (ISinkWriter<T> writer in writers)
        {
            SinkWriterSnapshot snapshot = await writer.SnapshotAsync(CancellationToken.None);
            states.AddRange(snapshot.States);
            committables.AddRange(snapshot.Committables);
        }

        return (states, committables);
    }

    private static async Task<List<byte[]>> FinishAsync(List<ISinkWriter<T>> writers)
    {
        List<byte[]> committables = [];
        foreach (ISinkWriter<T> writer in writers)
        {
            committables.AddRange(await writer.FinishAsync(CancellationToken.None));
        }

        await DisposeAsync(writers);
        return committables;
    }

    private static async Task DisposeAsync(List<ISinkWriter<T>> writers)
    {
        foreach (ISinkWriter<T> writer in writers)
        {
            await writer.DisposeAsync();
        }
    }

    private static async Task CommitAsync(ISinkCommitter committer, IEnumerable<byte[]> committables)
    {
        List<CommitRequest> requests = [.. committables.Select(committable => new CommitRequest(committable))];
        while (requests.Count > 0)
        {
            await committer.CommitAsync(requests, CancellationToken.None);
            requests =
            [
                .. requests.Where(request => request.Result != CommitResult.Committed)
                    .Select(request => request.Result == CommitResult.RetryLater
                        ? new CommitRequest(request.Committable, request.Retries + 1)
                        : throw new InvalidOperationException($"A result was refused: {request.Reason}")),
            ];
        }
    }
}
