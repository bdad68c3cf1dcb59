using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Collect;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>A program that was started by itself has a cluster in its own process.</summary>
[TestClass]
public sealed class StreamJobTests
{
    [TestMethod]
    public async Task A_program_reads_what_its_job_collected()
    {
        JobResult result = await StreamJob.ExecuteAsync<SquaresJob>(["--upto", "5"]);

        Assert.AreEqual(JobStatus.Finished, result.Status);
        CollectionAssert.AreEquivalent(new long[] { 1, 4, 9, 16, 25 }, result.Collected<long>("squares").ToArray());
        Assert.IsEmpty(result.Collected<long>("cubes"));
    }

    [TestMethod]
    public async Task A_job_that_fails_is_an_exception_with_its_result()
    {
        JobFailedException failed = await Assert.ThrowsExactlyAsync<JobFailedException>(
            () => StreamJob.ExecuteAsync<SquaresJob>(["--upto", "5", "--hate", "3"]));

        Assert.AreEqual(JobStatus.Failed, failed.Result.Status);
        Assert.AreEqual("System.NotSupportedException", failed.Result.Failure?.TypeName);
        Assert.Contains("no 3, please", failed.Message);
    }

    [TestMethod]
    public async Task A_submitted_job_can_be_canceled()
    {
        JobHandle job = await StreamJob.SubmitAsync<EndlessJob>([]);

        await job.CancelAsync();

        Assert.AreEqual(JobStatus.Canceled, (await job.WaitAsync()).Status);
        Assert.AreEqual(JobStatus.Canceled, (await job.GetDetailsAsync()).Status);
    }

    [TestMethod]
    public async Task Giving_up_on_a_job_cancels_it()
    {
        using var giveUp = new CancellationTokenSource();
        Task<JobResult> job = StreamJob.ExecuteAsync<EndlessJob>([], giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => job);
    }

    // Nobody could start another silo, so the process gets what the job needs.
    [TestMethod]
    public async Task More_parallelism_than_cores_has_slots_too()
    {
        JobResult result = await StreamJob.ExecuteAsync<SquaresJob>(
            ["--upto", "3", "--parallelism", $"{(3 * Environment.ProcessorCount) + 1}"]);

        Assert.HasCount(3, result.Collected<long>("squares"));
    }

    [TestMethod]
    public async Task Jobs_at_the_same_time_do_not_wait_for_each_others_slots()
    {
        string[] wide = ["--parallelism", $"{Environment.ProcessorCount}"];
        JobHandle[] jobs =
        [
            await StreamJob.SubmitAsync<EndlessJob>(wide),
            await StreamJob.SubmitAsync<EndlessJob>(wide),
            await StreamJob.SubmitAsync<EndlessJob>(wide),
        ];

        JobResult result = await StreamJob.ExecuteAsync<SquaresJob>(["--upto", "2"]);

        Assert.HasCount(2, result.Collected<long>("squares"));
        foreach (JobHandle job in jobs)
        {
            Assert.IsFalse((await job.GetDetailsAsync()).Status.IsTerminal(), "It goes on beside the others.");
            await job.CancelAsync();
            await job.WaitAsync();
        }
    }

    [TestMethod]
    public async Task Exit_codes_tell_finished_failed_and_wrong_arguments_apart()
    {
        Assert.AreEqual(0, await StreamJob.RunAsync<SquaresJob>(["--upto", "2"]));
        Assert.AreEqual(1, await StreamJob.RunAsync<SquaresJob>(["--upto", "2", "--hate", "1"]));
        Assert.AreEqual(2, await StreamJob.RunAsync<SquaresJob>([]));
        Assert.AreEqual(2, await StreamJob.RunAsync<SquaresJob>(["--upto", "many"]));
    }

    // Ctrl-C gives up like this: a program that is stuck while it is defined must end at the first one.
    [TestMethod]
    public async Task A_program_that_is_never_defined_can_be_given_up()
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        StuckJob.Begun = begun;
        StuckJob.Release = release;
        using var giveUp = new CancellationTokenSource();
        Task<JobHandle> submitting = Task.Run(() => StreamJob.SubmitAsync<StuckJob>([], giveUp.Token));
        Assert.IsTrue(begun.Wait(TimeSpan.FromSeconds(30)), "Define has begun.");

        try
        {
            await giveUp.CancelAsync();

            await Assert.ThrowsAsync<OperationCanceledException>(
                () => submitting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        }
        finally
        {
            release.Set();
        }
    }

    [TestMethod]
    public async Task A_class_that_cannot_be_a_job_is_refused() =>
        await Assert.ThrowsExactlyAsync<InvalidJobClassException>(() => StreamJob.SubmitAsync<Never>([]));

    internal sealed class SquaresJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            long hated = args.GetInt64("hate", 0);
            env.SetParallelism(args.GetInt32("parallelism", 1))
                .FromSource(NumberSequence.Source(1, args.GetInt64("upto")))
                .Map(number => number == hated
                    ? throw new NotSupportedException($"no {number}, please")
                    : number * number)
                .SinkTo(new CollectSink<long>("squares"));
        }
    }

    internal sealed class EndlessJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetParallelism(args.GetInt32("parallelism", 1))
                .FromSource(DataGenerator.Source(index => index, recordsPerSecond: 100))
                .SinkTo(new DiscardSink<long>());
    }

    internal sealed class StuckJob : IStreamJob
    {
        public static ManualResetEventSlim? Begun { get; set; }

        public static ManualResetEventSlim? Release { get; set; }

        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            Begun!.Set();
            Release!.Wait();
        }
    }

    private sealed class Never : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
        }
    }
}
