using Millrace.Connectors;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Checkpoints at the end of inputs, and sinks that take their time there.</summary>
[TestClass]
public sealed class EndingSimulationTests
{
    // A source that has read everything lets the barrier pass, and its subtask is not done for seconds: a checkpoint
    // waits in vain, and so does the next one.
    [TestMethod]
    public void A_source_that_takes_long_to_end_fails_no_checkpoint()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            SlowSink sink = new(TimeSpan.FromSeconds(3));
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 2,
                env => env.SetRuntimeMode(RuntimeMode.Streaming)
                    .EnableCheckpointing(TimeSpan.FromMilliseconds(20), settings => settings with
                    {
                        Timeout = TimeSpan.FromMilliseconds(300),
                        ToleratedFailures = 0,
                    })
                    .SetRestartStrategy(RestartSettings.FixedDelay(3, TimeSpan.FromMilliseconds(5)))
                    .FromSource(new UnevenSource(20, 4_500))
                    .SinkTo(sink));
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreEqual(0, cluster.Details.Restarts, $"seed {seed}: {cluster.Details.Failures.FirstOrDefault()}");
            Assert.AreEqual(0, cluster.Details.Checkpoints!.Failed, $"seed {seed}");
            Assert.IsGreaterThan(10, cluster.Completed, $"seed {seed}: checkpoints go on when it is done");
        }
    }

    // The part is large enough for a file, and the end of the input right behind the barrier.
    [TestMethod]
    public void A_part_in_a_file_is_told_before_the_end_that_is_right_behind_it()
    {
        int completed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Ledger ledger = new();
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 1 + (seed % 2),
                env => NumberedRows.Define(env, ledger.Sink(), records: 40 + (seed % 11)));
            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.AreEquivalent(
                NumberedRows.Expected(40 + (seed % 11)), ledger.Rows.ToArray(), $"seed {seed}");
            completed += cluster.Completed;
        }

        Assert.IsGreaterThan(10, completed, "checkpoints");
    }

    // What can never be committed: the job fails, keeps what was committed before, and removes the rest.
    [TestMethod]
    public void A_commit_that_fails_for_good_half_way_fails_the_job_once()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            Ledger ledger = new() { RefusedFrom = 3 + seed };
            SimulatedCluster cluster = new(
                new SimulatedExecution(seed),
                silos: 2,
                parallelism: 2,
                env => NumberedRows.Define(env, ledger.Sink()));
            cluster.Run();

            Assert.AreEqual(JobStatus.Failed, cluster.Status, $"seed {seed}");
            StringAssert.Contains(cluster.Failure?.Message, "no room for it", $"seed {seed}");
            Assert.AreEqual(0, cluster.Details.Restarts, $"seed {seed}");
            CollectionAssert.AllItemsAreUnique(ledger.Rows.ToArray(), $"seed {seed}");
            Assert.AreEqual(1, ledger.Aborts, $"seed {seed}");
        }
    }

    /// <summary>A sink whose writers take their time at the end of the input.</summary>
    private sealed class SlowSink(TimeSpan end) : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context) => new Writer(context, end);

        private sealed class Writer(SinkWriterContext context, TimeSpan end) : ISinkWriter<long>
        {
            public int Write(ReadOnlySpan<long> records) => records.Length;

            public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
                new(SinkWriterSnapshot.Empty);

            public async ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
            {
                if (context.Runtime.SubtaskIndex == 0)
                {
                    TaskCompletionSource done = new();
                    await using ITimer timer = context.Runtime.Time.CreateTimer(
                        _ => done.TrySetResult(), null, end, Timeout.InfiniteTimeSpan);
                    await done.Task;
                }

                return [];
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
