using System.Collections.Concurrent;
using Millrace.Connectors;
using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.InProcess;

/// <summary>A program whose <c>Define</c> comes back on the client and never on a silo.</summary>
[TestClass]
public sealed class StuckDefinitionTests
{
    // Much less than subtasks get to stop, which is what a cancellation would wait for otherwise.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(20);

    private static readonly ConcurrentDictionary<string, Gate> Gates = new();
    private static int Made;

    // The client defines it first, then the job's side of its source and sink, then the silo that is to run it.
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public async Task A_job_that_is_never_defined_is_canceled_in_seconds(int stuckAt)
    {
        await using MiniCluster cluster = await MiniCluster.StartAsync(new MiniClusterOptions());
        using Gate gate = NewGate(stuckAt);

        JobHandle job = await cluster.SubmitAsync<StuckJob>(["--gate", gate.Name]);
        await Eventually.HoldsAsync(() => gate.IsStuck);
        await job.CancelAsync();
        JobResult result = await job.WaitAsync().WaitAsync(Prompt, TimeProvider.System);

        Assert.AreEqual(JobStatus.Canceled, result.Status, $"{result.Failure}");
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public async Task A_job_that_is_never_defined_fails_and_says_which_class_was_waited_for_how_long(int stuckAt)
    {
        MiniClusterOptions options = new() { Settings = { ["Millrace:UserCode:DefineTimeout"] = "00:00:01" } };
        await using MiniCluster cluster = await MiniCluster.StartAsync(options);
        using Gate gate = NewGate(stuckAt);

        JobHandle job = await cluster.SubmitAsync<StuckJob>(["--gate", gate.Name]);
        JobResult result = await job.WaitAsync().WaitAsync(Prompt, TimeProvider.System);

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.Contains("StuckJob' has not come back within 00:00:01", result.Failure!.Message);
        Assert.Contains("Millrace:UserCode:DefineTimeout", result.Failure.Message);
        Assert.AreEqual(0, (await job.GetDetailsAsync()).Restarts, "It would be stuck again.");
    }

    private static Gate NewGate(int stuckAt)
    {
        var gate = new Gate(stuckAt);
        Gates[gate.Name] = gate;
        return gate;
    }

    internal sealed class StuckJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            Gates[args["gate"]].Pass();
            env.SetRestartStrategy(RestartSettings.FixedDelay(3, TimeSpan.Zero))
                .FromSequence(1, 10)
                .SinkTo(new DiscardSink<long>());
        }
    }

    private sealed class Gate(int stuckAt) : IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private int _passes;
        private volatile bool _isStuck;

        public string Name { get; } = $"gate {Interlocked.Increment(ref Made)}";

        public bool IsStuck => _isStuck;

        public void Pass()
        {
            if (Interlocked.Increment(ref _passes) == stuckAt)
            {
                _isStuck = true;
                _release.Wait();
            }
        }

        // Whoever is stuck goes on: the thread belongs to the tests.
        public void Dispose()
        {
            Gates.TryRemove(Name, out _);
            _release.Set();
        }
    }
}
