using Millrace.Connectors;
using Millrace.UserCode;

namespace Millrace.Commands;

/// <summary>Without a cluster, a program runs inside the command.</summary>
[TestClass]
public sealed class RunInProcessTests
{
    [TestMethod]
    public async Task WordCount_counts_maximal_runs_of_ascii_letters_in_lower_case()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("in/a.txt", "The mill, the race; THE-END don't\n\nx1y2z Straße\n");
        directory.Write("in/deeper/b.txt", "the\r\nend of the race");

        Said said = await Said.ByAsync(
            "run", BuiltJobs.Assembly("WordCount"), "--", "--input", directory["in"], "--output", directory["out"]);

        said.WithCode(ExitCodes.Success);
        Assert.Contains("the job runs inside this command", said.Error);
        Assert.Contains("FINISHED", said.Output);
        string[] counted = [.. Counts(directory["out"])];
        string[] expected =
        [
            "don,1", "e,1", "end,2", "mill,1", "of,1", "race,2", "stra,1", "t,1", "the,5", "x,1", "y,1", "z,1",
        ];
        CollectionAssert.AreEqual(expected, counted, string.Join(' ', counted));
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("5")]
    public async Task The_parallelism_changes_the_number_of_files_and_not_the_counts(string parallelism)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("in.txt", string.Join('\n', Enumerable.Range(0, 500).Select(line => $"w{line % 7} line")));

        Said said = await Said.ByAsync(
            "run", "-p", parallelism, BuiltJobs.Assembly("WordCount"),
            "--", "--input", directory["in.txt"], "--output", directory["out"]);

        said.WithCode(ExitCodes.Success);
        CollectionAssert.AreEqual(new[] { "line,500", "w,500" }, Counts(directory["out"]).ToArray());
    }

    // Told once: scripts and service managers send one signal.
    [TestMethod]
    [DataRow("run", "no job was submitted")]
    [DataRow("info", "Interrupted.")]
    public async Task A_program_that_never_comes_back_from_its_Define_does_not_keep_the_command(
        string command, string told)
    {
        using var directory = new TemporaryDirectory();
        using var interrupt = new CancellationTokenSource();
        Task<Said> saying = Task.Run(() => Said.ByAsync(
            interrupt.Token, command, "-c", "NeverDefinedJob", BuiltJobs.Assembly("Troubles"),
            "--", "--begun", directory["begun"]));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(directory["begun"]))
        {
            Assert.IsFalse(saying.IsCompleted, "It has ended before it began.");
            await pause.WaitForNextTickAsync();
        }

        await interrupt.CancelAsync();

        Said said = await saying.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains(told, said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task Input_that_does_not_exist_fails_the_job_by_name()
    {
        using var directory = new TemporaryDirectory();

        Said said = await Said.ByAsync(
            "run", BuiltJobs.Assembly("WordCount"),
            "--", "--input", directory["nothing*.txt"], "--output", directory["out"]);

        Assert.Contains("nothing*.txt", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("FAILED", said.Error);
        Assert.IsFalse(Directory.Exists(directory["out"]) && Counts(directory["out"]).Any());
    }

    [TestMethod]
    public async Task Output_that_is_there_is_kept_unless_it_may_be_overwritten()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("in.txt", "word");
        string kept = directory.Write("out/part-00000.csv", "old,1\n");
        string[] words =
        [
            "run", BuiltJobs.Assembly("WordCount"), "--", "--input", directory["in.txt"], "--output", directory["out"],
        ];

        Said said = await Said.ByAsync(words);

        Assert.Contains(directory["out"], said.WithCode(ExitCodes.Failure).Error);
        Assert.AreEqual("old,1\n", await File.ReadAllTextAsync(kept));

        (await Said.ByAsync([.. words, "--overwrite"])).WithCode(ExitCodes.Success);
        CollectionAssert.AreEqual(new[] { "word,1" }, Counts(directory["out"]).ToArray());
    }

    [TestMethod]
    public async Task What_a_function_throws_reaches_the_user_with_stack_operator_subtask_and_source_position()
    {
        using var directory = new TemporaryDirectory();
        string input = directory.Write("in.txt", "fine\nboom\nfine\n");

        Said said = await Said.ByAsync(
            "run", "-p", "1", "-c", "ThrowingJob", BuiltJobs.Assembly("Troubles"), "--", "--input", input);

        said.WithCode(ExitCodes.Failure);
        Assert.Contains("FAILED", said.Error);
        Assert.Contains("System.InvalidOperationException: found 'boom'", said.Error);
        Assert.Contains("Troubles.ThrowingJob.Inspect", said.Error, "The user's own frame.");
        Assert.Contains("'Inspect'", said.Error, "The operator.");
        Assert.Contains("(1/1)", said.Error, "The subtask.");
        Assert.Contains("in.txt", said.Error, "The source position.");
    }

    [TestMethod]
    public async Task Accumulators_are_told_at_the_end()
    {
        Said said = await Said.ByAsync(
            "run", "-c", "CountingJob", BuiltJobs.Assembly("Troubles"), "--", "--records", "12345");

        Assert.Contains("seen: 12345", said.WithCode(ExitCodes.Success).Output);
    }

    [TestMethod]
    public async Task An_interrupt_cancels_the_job_and_waits_for_its_end()
    {
        using var interrupt = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new LineWatcher("Job EndlessJob (", interrupt.Cancel);

        int code = await new CommandLine(TextWriter.Synchronized(output), error)
            .RunAsync(["run", "-c", "EndlessJob", BuiltJobs.Assembly("Troubles")], interrupt.Token)
            .WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);

        Assert.AreEqual(ExitCodes.Failure, code, error.ToString());
        Assert.Contains("Canceling job", error.ToString());
        Assert.Contains("CANCELED", error.ToString());
    }

    private static IEnumerable<string> Counts(string directory) =>
        Directory.EnumerateFiles(directory, "*.csv").SelectMany(File.ReadAllLines).Order(StringComparer.Ordinal);
}
