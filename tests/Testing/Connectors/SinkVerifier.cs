namespace Millrace.Connectors;

/// <summary>Attacks the contract of a sink with checkpoints: whatever is lost in between, each record becomes visible
/// once.</summary>
/// <remarks>Writers take snapshots, write on, and die; others go on from the snapshots, in another number, and write
/// again what came after them. Committables are committed with their checkpoint, some of them twice, and by committers
/// of their own.</remarks>
/// <param name="createSink">Makes the sink, as each process that takes part does.</param>
/// <param name="seed">Decides what happens when.</param>
public sealed class SinkVerifier<T>(Func<Sink<T>> createSink, int seed = 1)
{
    private readonly Random _random = new(seed);
    private readonly string _jobId = new('1', 32);
    private int _attempt;

    /// <summary>Where relative paths count from. Default: the process's own directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Writes records through many failures.</summary>
    /// <param name="records">The records.</param>
    /// <returns>What happened, for the message of an assertion.</returns>
    public async Task<string> WriteAsync(IReadOnlyList<T> records)
    {
        List<string> log = [$"seed {seed}"];
        if (CommitterOf(1) is { } preparing)
        {
            await preparing.PrepareAsync(CancellationToken.None);
        }

        List<byte[]> states = [];
        int saved = 0;
        while (true)
        {
            int parallelism = _random.Next(1, 4);
            int end = Math.Min(records.Count, saved + _random.Next(0, Math.Max(2, records.Count / 3)));
            bool isLast = end == records.Count && _random.Next(2) == 0;
            bool isLost = _random.Next(3) == 0;
            log.Add($"{parallelism} writers from {saved} to {end}{(isLost ? ", lost" : "")}{(isLast ? ", last" : "")}");
            (List<byte[]> next, List<byte[]> committables) =
                await RunAsync(records.Skip(saved).Take(end - saved).ToArray(), states, parallelism, isLast, isLost);
            if (isLost)
            {
                continue;
            }

            await CommitAsync(committables, parallelism);
            (states, saved) = (next, end);
            if (isLast)
            {
                return string.Join("; ", log);
            }
        }
    }

    private ISinkCommitter? CommitterOf(int parallelism) =>
        createSink().CreateCommitter(new SinkCommitterContext(_jobId, parallelism, TimeProvider.System)
        {
            WorkingDirectory = WorkingDirectory ?? Environment.CurrentDirectory,
        });

    private async Task<(List<byte[]> States, List<byte[]> Committables)> RunAsync(
        T[] records, List<byte[]> states, int parallelism, bool isLast, bool isLost)
    {
        List<byte[]> next = [];
        List<byte[]> committables = [];
        int attempt = _attempt++;
        for (int subtask = 0; subtask < parallelism; subtask++)
        {
            Sink<T> sink = createSink();
            int own = subtask;
            byte[][] given = [.. sink.SharesWriterStates ? states : states.Where((_, i) => i % parallelism == own)];
            TestSinkWriterContext context = new(new TestRuntimeContext(subtask, parallelism)
            {
                JobIdText = _jobId,
                Attempt = attempt,
                Directory = WorkingDirectory,
            });
            await using ISinkWriter<T> writer =
                attempt == 0 ? sink.CreateWriter(context) : sink.RestoreWriter(context, given);
            Write(writer, [.. records.Where((_, i) => i % parallelism == own)]);
            if (isLost)
            {
                continue;
            }

            if (isLast)
            {
                committables.AddRange(await writer.FinishAsync(CancellationToken.None));
                continue;
            }

            SinkWriterSnapshot snapshot = await writer.SnapshotAsync(CancellationToken.None);
            next.AddRange(snapshot.States);
            committables.AddRange(snapshot.Committables);

            // Written behind the checkpoint by a writer that dies: written again by the next one.
            Write(writer, records);
        }

        return (next, committables);
    }

    private void Write(ISinkWriter<T> writer, T[] records)
    {
        for (int written = 0; written < records.Length;)
        {
            int count = Math.Min(_random.Next(1, 10), records.Length - written);
            int taken = writer.Write(records.AsSpan(written, count));
            if (taken == 0)
            {
                throw new InvalidOperationException("The writer takes nothing, though all its work is done.");
            }

            written += taken;
        }
    }

    private async Task CommitAsync(List<byte[]> committables, int parallelism)
    {
        for (int times = _random.Next(1, 3); times > 0; times--)
        {
            List<CommitRequest> requests = [.. committables.Select(committable => new CommitRequest(committable))];
            while (requests.Count > 0)
            {
                await CommitterOf(parallelism)!.CommitAsync(requests, CancellationToken.None);
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
}
