using Millrace.Jobs;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Runs;

[TestClass]
public sealed class RunTargetTests
{
    // A script must tell it from a job that failed: this one may still run.
    [TestMethod]
    public async Task A_cluster_that_stops_answering_has_an_exit_code_of_its_own()
    {
        JobId id = new(new Id128(7, 9));
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var interrupts = Interrupts.OfProcess(CancellationToken.None);
        var calls = new ClusterCalls(
            () => throw new SiloUnavailableException("nobody is there"),
            TimeProvider.System,
            outageTimeout: TimeSpan.FromMilliseconds(100));
        var door = new JobDoor("on cluster 'far'", (_, _, _) => Task.FromResult(new JobHandle(calls, id, "counts")));
        var target = new RunTarget(
            new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error)),
            interrupts,
            door,
            isDetached: false);

        int code = await target.RunAsync(typeof(RunTargetTests), []);

        Assert.AreEqual(ExitCodes.Unknown, code, error.ToString());
        Assert.AreEqual(ExitCodes.Unknown, target.ExitCode);
        Assert.Contains($"Job counts ({id}) runs on cluster 'far'.", error.ToString());
        Assert.Contains("may still run", error.ToString());
        Assert.Contains($"'millrace show {id}'", error.ToString());
    }
}
