using System.Text;
using System.Text.Json;
using Millrace.Connectors;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Jobs on three silo processes with two slots each.</summary>
[TestClass]
public sealed class JobsOnClusterTests
{
    private const int Silos = 3;
    private const int Slots = 6;

    private static SiloCluster Cluster { get; set; } = null!;

    private static string Troubles => BuiltJobs.Assembly("Troubles");

    [ClassInitialize]
    public static async Task StartAsync(TestContext _) =>
        Cluster = await SiloCluster.StartAsync("jobs", Silos, Slots / Silos, "Jobs:SlotRequestTimeout=00:00:02");

    [ClassCleanup]
    public static Task StopAsync() => Cluster.DisposeAsync().AsTask();

    [TestMethod]
    [DataRow("6")]
    [DataRow("1")]
    public async Task WordCount_counts_real_files_as_one_loop_does(string parallelism)
    {
        using var directory = new TemporaryDirectory();
        string input = Path.Combine(BuiltJobs.Repository, "docs");

        Said said = await Cluster.SayAsync(
            "run", "-p", parallelism, BuiltJobs.Assembly("WordCount"),
            "--", "--input", input, "--output", directory["out"]);

        Assert.Contains("FINISHED", said.WithCode(ExitCodes.Success).Output);
        string[] counted =
            [.. Directory.EnumerateFiles(directory["out"]).SelectMany(File.ReadAllLines).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(CountWords(input), counted);
    }

    [TestMethod]
    public async Task A_detached_job_is_listed_runs_on_all_silos_and_is_canceled_by_the_first_digits_of_its_id()
    {
        Said submitted = await Cluster.SayAsync("run", "-d", "-p", "6", "-c", "EndlessJob", Troubles);
        string id = submitted.WithCode(ExitCodes.Success).Output.Trim();
        Assert.AreEqual(32, id.Length, submitted.ToString());

        Said shown = await Eventually.SeeAsync(
            "all subtasks run",
            () => Cluster.SayAsync("show", "--json", id[..12]),
            said => StatesIn(said).All(state => state == "RUNNING"));
        HashSet<int> processes = [.. SubtasksIn(shown).Select(subtask => subtask.GetProperty("process").GetInt32())];
        Assert.IsTrue(
            processes.SetEquals(Cluster.Local.Silos().Select(silo => silo.Pid)), "It runs in all three processes.");

        Said listed = await Cluster.SayAsync("list", "--running");
        Assert.Contains(id, listed.WithCode(ExitCodes.Success).Output);

        Said canceled = await Cluster.SayAsync("cancel", id[..12]);
        Assert.Contains("CANCELED", canceled.WithCode(ExitCodes.Success).Output);
        Assert.DoesNotContain(id, (await Cluster.SayAsync("list", "--running")).Output);
        Assert.Contains("has ended already: CANCELED", (await Cluster.SayAsync("cancel", id)).WithCode(1).Error);
    }

    [TestMethod]
    public async Task A_job_that_throws_fails_with_the_users_stack_and_leaves_others_alone()
    {
        using var directory = new TemporaryDirectory();
        string input = directory.Write("in.txt", "fine\nboom\n");
        Said submitted = await Cluster.SayAsync("run", "-d", "-p", "1", "-c", "EndlessJob", Troubles);
        string other = submitted.WithCode(ExitCodes.Success).Output.Trim();

        Said failed = await Cluster.SayAsync("run", "-p", "1", "-c", "ThrowingJob", Troubles, "--", "--input", input);

        Assert.Contains("System.InvalidOperationException: found 'boom'", failed.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("Troubles.ThrowingJob.Inspect", failed.Error, "The user's own frame.");
        Assert.Contains("in operator 'Inspect'", failed.Error);
        Assert.Contains("(1/1)", failed.Error);
        Assert.Contains(input, failed.Error, "The source position.");
        Assert.Contains("on silo silo-", failed.Error);

        Assert.Contains("RUNNING", (await Cluster.SayAsync("show", other)).WithCode(ExitCodes.Success).Output);
        (await Cluster.SayAsync("cancel", other)).WithCode(ExitCodes.Success);
    }

    [TestMethod]
    public async Task More_parallelism_than_slots_fails_after_a_bounded_wait_with_both_numbers()
    {
        Said said = await Cluster.SayAsync("run", "-p", "20", "-c", "EndlessJob", Troubles);

        Assert.Contains("NoResourceAvailable", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("needs 20 slots", said.Error);
        Assert.Contains($"of the cluster's {Slots}", said.Error);
    }

    [TestMethod]
    public async Task Accumulators_of_all_subtasks_come_back_as_one()
    {
        Said said = await Cluster.SayAsync(
            "run", "-p", "6", "-c", "CountingJob", Troubles, "--", "--records", "100000");

        Assert.Contains("seen: 100000", said.WithCode(ExitCodes.Success).Output);
    }

    [TestMethod]
    public async Task An_id_that_several_jobs_begin_with_is_refused_with_their_names()
    {
        // Among 17 jobs, two have ids that begin with the same digit.
        Said last = await Cluster.SayAsync("run", "-c", "CountingJob", Troubles);
        for (int submitted = 1; submitted < 17; submitted++)
        {
            last = await Cluster.SayAsync("run", "-d", "-c", "CountingJob", Troubles);
        }

        last.WithCode(ExitCodes.Success);
        using var jobs = JsonDocument.Parse((await Cluster.SayAsync("list", "--json")).Output);
        string digit = jobs.RootElement.EnumerateArray().Select(job => job.GetProperty("id").GetString()![..1])
            .GroupBy(first => first).First(same => same.Count() > 1).Key;

        Said said = await Cluster.SayAsync("show", digit);

        Assert.Contains($"jobs have ids that begin with '{digit}'", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("CountingJob", said.Error);
    }

    private static IEnumerable<JsonElement> SubtasksIn(Said shown)
    {
        using var json = JsonDocument.Parse(shown.WithCode(ExitCodes.Success).Output);
        return
        [
            .. json.RootElement.GetProperty("vertices").EnumerateArray()
                .SelectMany(vertex => vertex.GetProperty("subtasks").EnumerateArray())
                .Select(subtask => subtask.Clone()),
        ];
    }

    private static IEnumerable<string?> StatesIn(Said shown) =>
        SubtasksIn(shown).Select(subtask => subtask.GetProperty("state").GetString());

    /// <summary>Lines of <c>word,count</c>, counted byte by byte.</summary>
    private static string[] CountWords(string directory)
    {
        Dictionary<string, int> counts = [];
        foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            var word = new StringBuilder();
            foreach (byte next in File.ReadAllBytes(file).Append((byte)'\n'))
            {
                if (char.IsAsciiLetter((char)next))
                {
                    word.Append(char.ToLowerInvariant((char)next));
                }
                else if (word.Length > 0)
                {
                    counts[word.ToString()] = counts.GetValueOrDefault(word.ToString()) + 1;
                    word.Clear();
                }
            }
        }

        return [.. counts.Select(count => $"{count.Key},{count.Value}").Order(StringComparer.Ordinal)];
    }
}
