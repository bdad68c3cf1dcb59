using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Functions.Async;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.Windowing.Assigners;

namespace Millrace.Async;

/// <summary>Asynchronous functions within whole programs, under many orders of events.</summary>
[TestClass]
public sealed class AsyncSimulationTests
{
    private const int Seeds = 12;
    private const int Records = 200;

    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(1);
    private static readonly string[] Answers = [.. Enumerable.Range(0, Records).Select(i => $"answer {i}")];

    [TestMethod]
    public void In_order_the_answers_of_one_subtask_come_as_the_records_did()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            int mine = seed;
            List<string> answers = SimulatedJob.Collect<string>(seed, 1, 1, env => env
                .SetBatchSize(1 + (mine % 7))
                .FromSequence(0, Records - 1)
                .OrderedWait(new Asking(mine), Patient, capacity: 1 + (mine % 20))
                .Map(answer => answer)
                .CollectTo("out"));

            CollectionAssert.AreEqual(Answers, answers, $"seed {seed}");
        }
    }

    // Chained and over edges, one after the other, with fewer and more subtasks.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void Every_record_is_answered_once(int silos, int parallelism)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            int mine = seed;
            List<string> answers = SimulatedJob.Collect<string>(seed, silos, parallelism, env =>
            {
                DataStream<long> numbers = env.SetBatchSize(1 + (mine % 5)).FromSequence(0, Records - 1)
                    .UnorderedWait(
                        async (value, cancellationToken) =>
                        {
                            await Task.Yield();
                            return value + 1;
                        },
                        Patient,
                        capacity: 3)
                    .Rebalance();
                numbers.Map(value => value - 1)
                    .UnorderedWait(
                        new Asking(mine, failures: 20),
                        Patient,
                        capacity: 5,
                        AsyncRetryStrategy.FixedDelay<string>(100, TimeSpan.FromMilliseconds(1)))
                    .Rebalance()
                    .Map(answer => answer)
                    .CollectTo("out");
            });

            CollectionAssert.AreEquivalent(Answers, answers, $"seed {seed}");
        }
    }

    [TestMethod]
    public void No_more_calls_than_the_capacity_are_under_way()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Asking.MostUnderWay = 0;
            int mine = seed;
            SimulatedJob.Collect<string>(seed, 1, 1, env => env
                .FromSequence(0, Records - 1)
                .UnorderedWait(new Asking(mine), Patient, capacity: 4)
                .CollectTo("out"));

            Assert.AreEqual(4, Asking.MostUnderWay, $"seed {seed}");
        }
    }

    // A window that fires before all of its records are answered would miss some.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Windows_behind_it_see_every_record_in_time(bool ordered)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            int mine = seed;
            List<long> counts = SimulatedJob.Collect<long>(seed, 2, 2, env =>
            {
                DataStream<long> stamped = env.SetBatchSize(1 + (mine % 4))
                    .FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 5_000))
                    .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<long>()
                        .WithTimestampAssigner(value => value));
                Asking asking = new(mine);
                DataStream<string> answers = ordered
                    ? stamped.OrderedWait(asking, Patient, capacity: 7)
                    : stamped.UnorderedWait(asking, Patient, capacity: 7);
                answers.KeyBy(_ => 0)
                    .Window(TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(20)))
                    .Count()
                    .Map(window => window.Value)
                    .CollectTo("out");
            });

            CollectionAssert.AreEqual(Enumerable.Repeat(20L, Records / 20).ToArray(), counts, $"seed {seed}");
        }
    }

    // The call never ends and does not watch its token: the job ends all the same, and no slot is lost.
    [TestMethod]
    public void A_job_whose_calls_never_end_can_be_canceled_at_once()
    {
        var asked = new Asked();
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed: 3,
            silos: 2,
            parallelism: 2,
            env => env.FromSequence(0, long.MaxValue - 1)
                .OrderedWait(asked.NeverAsync, Timeout.InfiniteTimeSpan, capacity: 10)
                .CollectTo("out"),
            running => (() => asked.Count == 20, running.Cancel));

        Assert.AreEqual(JobStatus.Canceled, cluster.Status);
        Assert.AreEqual(20, asked.Canceled);
    }

    [TestMethod]
    public void A_failure_names_the_operator_the_function_and_the_record()
    {
        SimulatedCluster cluster = SimulatedJob.Finish(seed: 1, 1, 1, env => env
            .FromSequence(0, 99)
            .OrderedWait(new FailsAt(42), Patient)
            .Name("Ask the oracle")
            .CollectTo("out"));

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        string failure = cluster.Failure!.ToString();
        Assert.Contains("InvalidDataException: no answer for 42", failure);
        Assert.Contains("in operator 'Ask the oracle'", failure);
        Assert.Contains("at record 42 of the operator's input", failure);
        Assert.Contains("attempt 1 of function FailsAt", failure);
    }

    [TestMethod]
    public void A_record_without_an_answer_fails_the_job_when_its_time_is_over()
    {
        SimulatedCluster cluster = SimulatedJob.Finish(seed: 1, 1, 1, env => env
            .FromSequence(0, 99)
            .UnorderedWait(new Asked().NeverAsync, TimeSpan.FromSeconds(3))
            .CollectTo("out"));

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        string failure = cluster.Failure!.ToString();
        Assert.Contains(
            "TimeoutException: UnorderedWait: the function gave no result for a record within 00:00:03", failure);
        Assert.Contains("at record 0 of the operator's input", failure);
    }

    [TestMethod]
    public void In_batch_mode_all_is_answered_too()
    {
        List<string> answers = SimulatedJob.Collect<string>(seed: 4, 2, 2, env => env
            .SetRuntimeMode(RuntimeMode.Batch)
            .FromSequence(0, Records - 1)
            .Rebalance()
            .UnorderedWait(new Asking(4), Patient)
            .Rebalance()
            .Map(answer => answer)
            .CollectTo("out"));

        CollectionAssert.AreEquivalent(Answers, answers);
    }

    /// <summary>Calls that never end, counted over all subtasks; the simulation has one thread.</summary>
    private sealed class Asked
    {
        public int Count { get; private set; }

        public int Canceled { get; private set; }

        public async ValueTask<long> NeverAsync(long value, CancellationToken cancellationToken)
        {
            Count++;
            cancellationToken.Register(() => Canceled++);
            await new TaskCompletionSource().Task;
            return value;
        }
    }

    private sealed class FailsAt(long record) : AsyncFunction<long, long>
    {
        public override async ValueTask InvokeAsync(
            long value, ICollector<long> output, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (value == record)
            {
                throw new InvalidDataException($"no answer for {value}");
            }

            output.Emit(value);
        }
    }
}
