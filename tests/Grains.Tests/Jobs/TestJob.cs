using System.Collections.Concurrent;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Programs;

namespace Millrace.Jobs;

/// <summary>What the job's side of a test job is asked to do, and what it did.</summary>
internal sealed class JobsSide
{
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Thrown by the enumerator's start, when set.</summary>
    public Exception? StartFailure { get; set; }

    /// <summary>What the enumerator's start waits for.</summary>
    public Task MayStart { get; set; } = Task.CompletedTask;

    /// <summary>What the committer's recovery waits for.</summary>
    public Task MayRecover { get; set; } = Task.CompletedTask;

    /// <summary>Thrown by that many of the first commits.</summary>
    public int CommitFailures { get; set; }

    public int Splits { get; set; } = 3;
}

/// <summary>A source of numbers, each a split of its own, and a sink that commits.</summary>
internal sealed class TestJob(JobsSide side, int parallelism) : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.SetParallelism(parallelism)
            .FromSource(new TestSource(side))
            .Rebalance()
            .SinkTo(new TestSink(side))
            .DisableChaining();
}

internal sealed class TestSource(JobsSide side) : Source<long, long>
{
    public override Boundedness Boundedness => Boundedness.Bounded;

    public override ISplitEnumerator<long> CreateEnumerator(SplitEnumeratorContext context) => new Enumerator(side);

    public override ISourceReader<long, long> CreateReader(SourceReaderContext context) =>
        throw new NotSupportedException("No subtask runs here.");

    private sealed class Enumerator(JobsSide side) : ISplitEnumerator<long>
    {
        private long _next;

        public ValueTask StartAsync(CancellationToken cancellationToken)
        {
            side.Calls.Enqueue("start");
            return side.StartFailure is null ? new ValueTask(side.MayStart) : throw side.StartFailure;
        }

        public ValueTask<SplitAssignment<long>> NextAsync(int subtask, CancellationToken cancellationToken) =>
            ValueTask.FromResult(
                _next < side.Splits ? SplitAssignment<long>.Of(_next++) : SplitAssignment<long>.NoMore);

        public void AddBack(IReadOnlyList<long> splits, int subtask) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            side.Calls.Enqueue("dispose");
            return ValueTask.CompletedTask;
        }
    }
}

internal sealed class TestSink(JobsSide side) : Sink<long>
{
    public override ISinkWriter<long> CreateWriter(SinkWriterContext context) =>
        throw new NotSupportedException("No subtask runs here.");

    public override ISinkCommitter CreateCommitter(SinkCommitterContext context) => new Committer(side);

    private sealed class Committer(JobsSide side) : ISinkCommitter
    {
        public ValueTask PrepareAsync(CancellationToken cancellationToken) => Note("prepare");

        public ValueTask CommitAsync(IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
        {
            if (side.CommitFailures-- > 0)
            {
                throw new IOException("The disk is full.");
            }

            return Note($"commit {string.Join(',', requests.Select(request => request.Committable[0]))}");
        }

        public ValueTask RecoverAsync(IReadOnlyList<byte[]> kept, CancellationToken cancellationToken)
        {
            side.Calls.Enqueue("recover");
            return new ValueTask(side.MayRecover);
        }

        public ValueTask AbortAsync(CancellationToken cancellationToken) => Note("abort");

        private ValueTask Note(string call)
        {
            side.Calls.Enqueue(call);
            return ValueTask.CompletedTask;
        }
    }
}
