using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace;

/// <summary>Functions that go wrong at each point of their life: the job fails with what they threw, and nothing is
/// left.</summary>
[TestClass]
public sealed class FailureSimulationTests
{
    [TestMethod]
    public void A_function_that_throws_fails_the_job_by_operator_and_subtask()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            FailureInfo failure = Fail(seed, stream => stream
                .Rebalance().Map(x => x == 77 ? throw new FormatException("77 is bad") : x).Name("Parse"));

            Assert.AreEqual(typeof(FormatException).FullName, failure.TypeName);
            Assert.AreEqual("77 is bad", failure.Message);
            Assert.AreEqual("Parse", failure.Place.Operator);
            Assert.IsTrue(failure.Place.Subtask is 0 or 1, $"subtask {failure.Place.Subtask}");
            StringAssert.Contains(failure.StackTrace, nameof(FailureSimulationTests));
        }
    }

    [TestMethod]
    [DataRow(nameof(IRichFunction.Open))]
    [DataRow(nameof(IRichFunction.Close))]
    [DataRow(nameof(IMapFunction<long, long>.Map))]
    public void A_rich_function_may_fail_at_any_point_of_its_life(string point)
    {
        FailureInfo failure = Fail(seed: 4, stream => stream.Map(new FailingFunction(point)));

        Assert.AreEqual($"failed in {point}", failure.Message);
    }

    [TestMethod]
    [DataRow("create")]
    [DataRow("write")]
    [DataRow("finish")]
    [DataRow("dispose")]
    public void A_sink_may_fail_at_any_point_of_its_life(string point)
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed: 8,
            silos: 2,
            parallelism: 2,
            env => env.FromSequence(0, 99).Rebalance().SinkTo(new FailingSink(point)));

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.AreEqual($"failed to {point}", cluster.Failure!.Message);
    }

    [TestMethod]
    public void A_key_outside_the_subtasks_fails_the_job_by_name()
    {
        FailureInfo failure = Fail(seed: 2, stream => stream.PartitionCustom((_, _) => 7, x => x).Map(x => x));

        StringAssert.Contains(failure.Message, "7");
    }

    // A fetcher that ignores its token must not keep the failure to itself.
    [TestMethod]
    public void A_failure_is_told_even_when_other_work_of_the_subtask_never_ends()
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed: 6,
            silos: 1,
            parallelism: 1,
            env => env.FromSequence(0, 99).SinkTo(new DeafSink()),
            slotsLost: 1);

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.AreEqual("no more", cluster.Failure!.Message);
    }

    [TestMethod]
    public void A_job_can_be_canceled_at_any_moment()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            int steps = seed * 40;
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed,
                silos: 2,
                parallelism: 2,
                env => env.FromSequence(0, long.MaxValue - 1).Rebalance().KeyBy(x => x % 10).Count().Discard(),
                cluster => (() => steps-- <= 0, cluster.Cancel));

            Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}");
        }
    }

    private static FailureInfo Fail(int seed, Func<DataStream<long>, DataStream<long>> steps)
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed, silos: 2, parallelism: 2, env => steps(env.FromSequence(0, 299)).Discard());
        Assert.AreEqual(JobStatus.Failed, cluster.Status, $"seed {seed}");
        return cluster.Failure!;
    }

    private sealed class FailingFunction(string point) : IMapFunction<long, long>, IRichFunction
    {
        public void Open(RuntimeContext context) => FailIn(nameof(Open));

        public void Close() => FailIn(nameof(Close));

        public long Map(long value)
        {
            FailIn(nameof(Map));
            return value;
        }

        private void FailIn(string here)
        {
            if (here == point)
            {
                throw new InvalidOperationException($"failed in {here}");
            }
        }
    }

    /// <summary>Starts work that never ends, and fails.</summary>
    private sealed class DeafSink : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context)
        {
            context.Run(_ => new ValueTask(new TaskCompletionSource().Task));
            return new Writer();
        }

        private sealed class Writer : ISinkWriter<long>
        {
            public int Write(ReadOnlySpan<long> records) => throw new InvalidOperationException("no more");

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class FailingSink(string point) : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context)
        {
            FailTo("create", point);
            return new Writer(point);
        }

        private static void FailTo(string here, string point)
        {
            if (here == point)
            {
                throw new InvalidOperationException($"failed to {here}");
            }
        }

        private sealed class Writer(string point) : ISinkWriter<long>
        {
            public int Write(ReadOnlySpan<long> records)
            {
                FailTo("write", point);
                return records.Length;
            }

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
            {
                FailTo("finish", point);
                return ValueTask.FromResult<IReadOnlyList<byte[]>>([]);
            }

            public ValueTask DisposeAsync()
            {
                FailTo("dispose", point);
                return ValueTask.CompletedTask;
            }
        }
    }
}
