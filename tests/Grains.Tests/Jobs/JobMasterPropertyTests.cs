using Millrace.Graph;

namespace Millrace.Jobs;

/// <summary>Whatever happens, in whatever order: a job ends, gives its slots back, and shows the results of one round
/// or none. A failing seed is named; make it a row of its own.</summary>
[TestClass]
public sealed class JobMasterPropertyTests
{
    private const int Seeds = 1_500;

    private static readonly Troubles All = new()
    {
        Count = 4,
        Cancel = true,
        LoseSilos = true,
        LoseMaster = true,
        FailTasks = true,
        FailPreparation = true,
        RefuseSlots = true,
        FailDeployment = true,
        FailCommit = true,
    };

    [TestMethod]
    public void Without_trouble_every_job_finishes_and_commits_once()
    {
        foreach (int seed in Enumerable.Range(0, 200))
        {
            ScriptedCluster cluster = Run(seed, RestartSettings.None, new Troubles());
            Assert.AreEqual(JobStatus.Finished, cluster.Status, Text(seed, cluster));
            Assert.HasCount(1, cluster.Committed, Text(seed, cluster));
        }
    }

    [TestMethod]
    public void With_every_kind_of_trouble_a_job_ends_and_commits_all_or_nothing()
    {
        HashSet<JobStatus> seen = [];
        for (int seed = 0; seed < Seeds; seed++)
        {
            ScriptedCluster cluster = Run(seed, RestartSettings.None, All);
            Check(seed, cluster);
            seen.Add(cluster.Status);
        }

        Assert.HasCount(3, seen, "all three ends occur");
    }

    [TestMethod]
    public void With_restarts_a_job_ends_and_commits_one_round_or_none()
    {
        int restarted = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            ScriptedCluster cluster = Run(seed, RestartSettings.FixedDelay(3, TimeSpan.FromSeconds(1)), All);
            Check(seed, cluster);
            restarted += cluster.Status == JobStatus.Finished && cluster.Details.Restarts > 0 ? 1 : 0;
        }

        Assert.IsGreaterThan(50, restarted, "jobs finished after a restart");
    }

    [TestMethod]
    public void With_restarts_of_regions_a_job_ends_and_commits_each_subtask_once_or_nothing()
    {
        int restarted = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            ScriptedCluster cluster = Run(
                seed,
                RestartSettings.FixedDelay(4, TimeSpan.FromSeconds(1)),
                All,
                Plans.Of(
                    [("source", 3, "default"), ("sink", 3, "default")], ("source", "sink", PartitionerKind.Forward)));
            Check(seed, cluster);
            restarted += cluster.Status == JobStatus.Finished ? cluster.RegionRestarts : 0;
        }

        Assert.IsGreaterThan(50, restarted, "restarts of regions in jobs that finished");
    }

    [TestMethod]
    public void A_job_whose_grain_dies_while_it_commits_is_committed_all_the_same()
    {
        int again = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            ScriptedCluster cluster = Run(seed, RestartSettings.None, new Troubles { Count = 3, LoseMaster = true });
            Check(seed, cluster);
            again += cluster is { Status: JobStatus.Finished, Details.Epoch.Value: > 1 } ? 1 : 0;
        }

        Assert.IsGreaterThan(10, again, "jobs finished by another job grain");
    }

    private static ScriptedCluster Run(
        int seed, RestartSettings restart, Troubles troubles, JobGraph? plan = null)
    {
        var cluster = new ScriptedCluster(
            seed, Plans.Submission(plan ?? Plans.TwoStages(3, 2), restart), silos: 3, troubles);
        try
        {
            cluster.Run();
        }
        catch (Exception exception)
        {
            throw new AssertFailedException($"seed {seed}: {exception.Message}", exception);
        }

        return cluster;
    }

    private static void Check(int seed, ScriptedCluster cluster)
    {
        Assert.IsTrue(cluster.Status.IsTerminal(), Text(seed, cluster));
        Assert.AreEqual(0, cluster.SlotsHeld, Text(seed, cluster));
        Assert.AreEqual(0, cluster.Left, Text(seed, cluster));
        Assert.IsLessThanOrEqualTo(1, cluster.Committed.Distinct().Count(), Text(seed, cluster));
        Assert.AreEqual(cluster.Status == JobStatus.Finished, cluster.Committed.Count > 0, Text(seed, cluster));
        Assert.IsTrue(
            cluster.Status != JobStatus.Failed || cluster.Details.Failure is not null, Text(seed, cluster));
    }

    private static string Text(int seed, ScriptedCluster cluster) => $"seed {seed}:\n{cluster.Log}";
}
