using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace;

/// <summary>A function of a user blocks its thread.</summary>
[TestClass]
public sealed class BlockingFunctionTests
{
    private static readonly ManualResetEventSlim Answer = new();

    // One worker: without another thread in its place, the second job would not even start.
    [TestMethod]
    public async Task It_is_named_once_and_another_job_goes_on_meanwhile()
    {
        using var log = new LinesLogged();
        await using MiniCluster cluster = await MiniCluster.StartAsync(new MiniClusterOptions
        {
            SlotsPerSilo = 2,
            Loggers = log,
            Settings = { ["Millrace:Workers:Threads"] = "1" },
        });
        JobHandle blocking = await cluster.SubmitAsync<BlockingJob>([], parallelism: 1);
        try
        {
            await Eventually.SeeAsync(
                "the function is found out", () => Task.FromResult(log.Lines), lines => lines.Any(IsOfBlockingJob));
            JobHandle other = await cluster.SubmitAsync<OtherJob>([], parallelism: 1);
            Assert.AreEqual(JobStatus.Finished, (await other.WaitAsync()).Status);
        }
        finally
        {
            Answer.Set();
        }

        Assert.AreEqual(JobStatus.Finished, (await blocking.WaitAsync()).Status);

        string told = log.Lines.Single(IsOfBlockingJob);
        Assert.Contains("operator Double -> Ask a service takes", told, "Both run in one loop.");
    }

    // On a busy machine a round of the other job may be put aside for long enough to be told too.
    private static bool IsOfBlockingJob(string line) =>
        line.Contains("takes longer than", StringComparison.Ordinal)
        && line.Contains(nameof(BlockingJob), StringComparison.Ordinal);

    internal sealed class BlockingJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.FromSource(NumberSequence.Source(1, 10))
                .Map(number => number * 2).Name("Double")
                .Map(Ask).Name("Ask a service")
                .SinkTo(new DiscardSink<long>());

        private static long Ask(long number)
        {
            Answer.Wait();
            return number;
        }
    }

    internal sealed class OtherJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.FromSource(NumberSequence.Source(1, 1_000)).SinkTo(new DiscardSink<long>());
    }
}
