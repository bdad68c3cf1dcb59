using Millrace.Connectors;
using Millrace.Jobs;

namespace Millrace;

[TestClass]
public sealed class BackpressureSimulationTests
{
    // What is on the way between a fast source and a slow sink stays bounded, however long it lasts: three hops with a
    // few batches each, and the credit of the connection.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void A_slow_sink_holds_the_source_back(int silos)
    {
        var progress = new Progress();
        SimulatedJob.Finish(
            seed: 5,
            silos,
            parallelism: 2,
            env => env
                .SetBatchSize(16)
                .FromSequence(0, long.MaxValue - 1)
                .Map(progress.Read)
                .Rebalance()
                .SinkTo(new SlowSink(progress)),
            cluster => (() => progress.Written >= 2_000, cluster.Cancel));

        Assert.IsTrue(progress.Written >= 2_000, $"{progress.Written} written");
        Assert.IsTrue(progress.MostOnTheWay < 40_000, $"{progress.MostOnTheWay} records were on the way at once");
    }

    [TestMethod]
    public void A_job_whose_sink_never_takes_anything_can_be_canceled()
    {
        var progress = new Progress();
        JobStatus status = SimulatedJob.Finish(
            seed: 9,
            silos: 2,
            parallelism: 2,
            env => env.FromSequence(0, long.MaxValue - 1).Map(progress.Read).Rebalance().SinkTo(new StuckSink()),
            cluster => (() => progress.HasRead > 1_000, cluster.Cancel)).Status;

        Assert.AreEqual(JobStatus.Canceled, status);
    }

    /// <summary>Counts on both ends; in one thread.</summary>
    private sealed class Progress
    {
        public long HasRead { get; private set; }

        public long Written { get; private set; }

        public long MostOnTheWay { get; private set; }

        public long Read(long value)
        {
            HasRead++;
            MostOnTheWay = Math.Max(MostOnTheWay, HasRead - Written);
            return value;
        }

        public void Write(int records) => Written += records;
    }

    /// <summary>Takes one record a millisecond.</summary>
    private sealed class SlowSink(Progress progress) : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context) => new Writer(context, progress);

        private sealed class Writer(SinkWriterContext context, Progress progress) : ISinkWriter<long>
        {
            private DateTimeOffset _next;

            public int Write(ReadOnlySpan<long> records)
            {
                DateTimeOffset now = context.Runtime.Time.GetUtcNow();
                if (now < _next)
                {
                    context.WakeAfter(_next - now);
                    return 0;
                }

                _next = now.AddMilliseconds(1);
                context.WakeAfter(TimeSpan.FromMilliseconds(1));
                progress.Write(1);
                return 1;
            }

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class StuckSink : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context) => new Writer();

        private sealed class Writer : ISinkWriter<long>
        {
            public int Write(ReadOnlySpan<long> records) => 0;

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
