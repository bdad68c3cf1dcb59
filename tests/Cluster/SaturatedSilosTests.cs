using Millrace.Clustering.Clients;
using Millrace.Connections;
using Millrace.Jobs;
using Millrace.Slots;
using Millrace.Tasks;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Every worker of every silo is busy, and the processors of the machine with them.</summary>
[TestClass]
public sealed class SaturatedSilosTests
{
    private const int Silos = 3;
    private const int Parallelism = 12;
    private const long Records = 1_000_000;
    private const int Calls = 300;

    [TestMethod]
    public async Task Grain_calls_are_answered_throughout_and_no_silo_is_suspected()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync("busy", Silos, Parallelism / Silos);
        ClusterChoice choice = ClusterChoice.Of("busy", []);
        await using MillraceClient client = await MillraceClient.ConnectAsync(choice.Clustering, choice.Patience);
        Said submitted = await cluster.SayAsync(
            "run", "-d", "-p", $"{Parallelism}", "-c", "BusyJob", BuiltJobs.Assembly("Troubles"));
        var job = JobId.Parse(submitted.WithCode(ExitCodes.Success).Output.Trim());
        JobDetails before = await Eventually.SeeAsync(
            "all subtasks run", () => DetailsAsync(client, job), details => SubtasksOf(details).All(IsAtWork));
        string[] silos = [.. SubtasksOf(before).Select(subtask => subtask.Silo!).Distinct()];
        Assert.HasCount(Silos, silos);

        // A call that is not answered in time throws. All silos answer for themselves; jobs, slots and the list of jobs
        // are grains somewhere.
        int calls = 0;
        JobDetails now = before;
        while (calls < Calls || RecordsOf(now) - RecordsOf(before) < Records)
        {
            foreach (string silo in silos)
            {
                await client.Cluster.TaskManager(silo).GetStatusAsync(CancellationToken.None);
            }

            await client.Cluster.Dispatcher().ListAsync(CancellationToken.None);
            await client.Cluster.ResourceManager().GetOverviewAsync(CancellationToken.None);
            now = await DetailsAsync(client, job);
            Assert.AreEqual(JobStatus.Running, now.Status, now.Failure?.ToString());
            calls += silos.Length + 3;
        }

        MembershipEntry[] members = await client.Cluster.GetGrain<IManagementGrain>(0).GetDetailedHosts();
        Assert.HasCount(Silos, members);
        foreach (MembershipEntry member in members)
        {
            Assert.AreEqual(SiloStatus.Active, member.Status, member.SiloName);
            Assert.IsEmpty(member.SuspectTimes ?? [], $"{member.SiloName} was suspected.");
        }

        (await cluster.SayAsync("cancel", job.ToString())).WithCode(ExitCodes.Success);
    }

    private static Task<JobDetails> DetailsAsync(MillraceClient client, JobId job) =>
        client.Cluster.Job(job).GetDetailsAsync(CancellationToken.None);

    private static IEnumerable<SubtaskDetails> SubtasksOf(JobDetails details) =>
        details.Vertices.SelectMany(vertex => vertex.Subtasks);

    private static bool IsAtWork(SubtaskDetails subtask) =>
        subtask.State == ExecutionState.Running && subtask.Metrics?.RecordsIn > 0;

    // Those that have been through the hard function arrive at the vertex behind it.
    private static long RecordsOf(JobDetails details) =>
        details.Vertices[^1].Subtasks.Sum(subtask => subtask.Metrics?.RecordsIn ?? 0);
}
