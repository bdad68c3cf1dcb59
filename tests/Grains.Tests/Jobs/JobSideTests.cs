using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Millrace.Checkpointing;
using Millrace.DataStream;
using Millrace.Execution;
using Millrace.Jobs.Master;
using Millrace.Programs;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>The job's side of its sources and sinks, on the real pool and a clock of the test's own.</summary>
[TestClass]
public sealed class JobSideTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // It looks for its input for longer than a commit may take: nothing is committed by then.
    [TestMethod]
    public async Task A_source_that_begins_slowly_is_not_bounded_by_the_timeout_of_commits()
    {
        TaskCompletionSource mayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JobsSide side = new() { MayStart = mayStart.Task };
        TimeSpan timeout = TimeSpan.FromMinutes(5);
        await using TestedSide tested = new(side, timeout);

        Task<JobEvent> preparing = tested.ResumeAsync(CancellationToken.None);
        while (!side.Calls.Contains("start"))
        {
            Assert.IsFalse(preparing.IsCompleted);
            await Task.Yield();
        }

        tested.Time.Advance(10 * timeout);
        mayStart.SetResult();

        Assert.IsInstanceOfType<JobEvent.Prepared>(await preparing.WaitAsync(Patience));
    }

    [TestMethod]
    public async Task What_was_left_behind_stays_where_the_code_of_the_job_may_have_ended_a_silo()
    {
        JobsSide side = new();
        await using TestedSide tested = new(side, isTakeOver: true);
        side.Calls.Clear();

        JobEvent aborted = await tested.Side.AbortAsync(
            new JobEffect.Abort(1, MayPrepare: false), CancellationToken.None);

        Assert.IsEmpty(side.Calls);
        StringAssert.Contains(
            Assert.IsInstanceOfType<JobEvent.Aborted>(aborted).Failure?.Message, "is not removed");
    }

    // A committer that does not listen to its token: it may be at work still when the job is over.
    [TestMethod]
    public async Task A_job_that_is_canceled_while_it_goes_on_from_a_checkpoint_hears_of_it()
    {
        TaskCompletionSource never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JobsSide side = new() { MayRecover = never.Task };
        await using TestedSide tested = new(side);
        Task<JobEvent> preparing = tested.ResumeAsync(CancellationToken.None);
        await UntilAsync(() => side.Calls.Contains("recover"));

        await tested.Side.CancelPreparationAsync();
        await tested.PassUntilAsync(() => preparing.IsCompleted);

        JobEvent.PreparationFailed failed =
            Assert.IsInstanceOfType<JobEvent.PreparationFailed>(await preparing.WaitAsync(Patience));
        StringAssert.Contains(failed.Failure.Message, "It is left alone");
        Task<JobEvent> aborting = tested.Side.AbortAsync(new JobEffect.Abort(1), CancellationToken.None);
        await tested.PassUntilAsync(() => aborting.IsCompleted);
        StringAssert.Contains(
            Assert.IsInstanceOfType<JobEvent.Aborted>(await aborting.WaitAsync(Patience)).Failure?.Message,
            "is not removed");
        CollectionAssert.DoesNotContain(side.Calls, "start");
        CollectionAssert.DoesNotContain(side.Calls, "abort");
        Assert.AreEqual(1, tested.Programs.InUse, "Its code is at work.");
        never.SetResult();
        await UntilAsync(() => tested.Programs.InUse == 0);
    }

    // It may still be on its way to the end of the job: there is nobody to tell.
    [TestMethod]
    public async Task What_comes_of_a_preparation_is_not_told_once_nobody_is_in_charge()
    {
        JobsSide side = new() { MayRecover = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System) };
        await using TestedSide tested = new(side);
        using CancellationTokenSource ending = new();
        Task<JobEvent> preparing = tested.ResumeAsync(ending.Token);
        await UntilAsync(() => side.Calls.Contains("recover"));

        await ending.CancelAsync();
        await tested.PassUntilAsync(() => preparing.IsCompleted);

        await Assert.ThrowsAsync<OperationCanceledException>(() => preparing);
    }

    // An enumerator that is in the middle of something.
    [TestMethod]
    public async Task What_was_left_behind_is_removed_once_code_that_was_told_to_stop_has_come_back()
    {
        TaskCompletionSource mayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JobsSide side = new() { MayStart = mayStart.Task };
        await using TestedSide tested = new(side);
        Task<JobEvent> preparing = tested.BeginAsync();
        await UntilAsync(() => side.Calls.Contains("start"));
        await tested.Side.CancelPreparationAsync();
        await tested.PassUntilAsync(() => preparing.IsCompleted);

        Task<JobEvent> aborting = tested.Side.AbortAsync(new JobEffect.Abort(1), CancellationToken.None);
        Assert.IsFalse(aborting.IsCompleted, "It is waited for.");
        mayStart.SetResult();

        Assert.IsNull(Assert.IsInstanceOfType<JobEvent.Aborted>(await aborting.WaitAsync(Patience)).Failure);
        Assert.AreEqual("prepare start abort dispose", string.Join(' ', side.Calls));
        Assert.AreEqual(0, tested.Programs.InUse);
    }

    // An enumerator that does not listen to its token: the committers are idle.
    [TestMethod]
    public async Task What_was_left_behind_is_removed_beside_a_source_that_does_not_come_back()
    {
        TaskCompletionSource never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JobsSide side = new() { MayStart = never.Task };
        await using TestedSide tested = new(side);
        Task<JobEvent> preparing = tested.BeginAsync();
        await UntilAsync(() => side.Calls.Contains("start"));

        await tested.Side.CancelPreparationAsync();
        await tested.PassUntilAsync(() => preparing.IsCompleted);

        JobEvent.PreparationFailed failed =
            Assert.IsInstanceOfType<JobEvent.PreparationFailed>(await preparing.WaitAsync(Patience));
        StringAssert.Contains(failed.Failure.Message, "It is left alone");
        Task<JobEvent> aborting = tested.Side.AbortAsync(new JobEffect.Abort(1), CancellationToken.None);
        await tested.PassUntilAsync(() => aborting.IsCompleted);
        Assert.IsNull(Assert.IsInstanceOfType<JobEvent.Aborted>(await aborting.WaitAsync(Patience)).Failure);
        Assert.AreEqual("prepare start abort", string.Join(' ', side.Calls), "Its calls do not overlap.");
        Assert.AreEqual(0, tested.Programs.InUse);
        never.SetResult();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.IsLessThan(Patience, TimeProvider.System.GetElapsedTime(start), "It does not come to that.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static JobSubmission SubmissionOf(JobsSide side, out TestPrograms programs)
    {
        programs = new TestPrograms();
        var program = new TestJob(side, parallelism: 1);
        programs.Add("job", program);
        StreamExecutionEnvironment environment = new();
        program.Define(environment, JobArguments.Empty);
        return new JobSubmission(
            Plans.Job,
            new ProgramReference(ProgramKind.InProcess, "job", nameof(TestJob)),
            [],
            JobCompiler.Compile(environment, "job", 1),
            RestartSettings.None);
    }

    private static JobServices Services(TestPrograms programs, SystemExecution execution, TimeSpan timeout) => new(
        Records: null!,
        programs,
        execution,
        Membership: null!,
        Options.Create(new JobOptions { CommitTimeout = timeout }),
        Options.Create(new TaskHostOptions()),
        Silo: null!,
        Checkpoints: null!,
        Meters: null!,
        Savepoints: null!,
        CheckpointPlaces: null!,
        NullLogger<JobMaster>.Instance);

    /// <summary>The job's side of one job, and what it runs on.</summary>
    private sealed class TestedSide : IAsyncDisposable
    {
        private readonly SystemExecution _execution;
        private readonly JobSubmission _submission;

        public TestedSide(JobsSide side, TimeSpan? commitTimeout = null, bool isTakeOver = false)
        {
            _execution = new SystemExecution(new WorkerOptions { Threads = 1 }, null!, Time);
            _submission = SubmissionOf(side, out TestPrograms programs);
            Programs = programs;
            Side = new JobSide(
                _submission, isTakeOver, Services(programs, _execution, commitTimeout ?? Patience));
        }

        public FakeTimeProvider Time { get; } = new();

        public TestPrograms Programs { get; }

        public JobSide Side { get; }

        /// <summary>Prepares from the beginning.</summary>
        public Task<JobEvent> BeginAsync() =>
            Side.PrepareAsync(new JobEffect.Prepare(1, ToCommit: false, From: null), CancellationToken.None);

        /// <summary>Prepares to go on from a checkpoint.</summary>
        public Task<JobEvent> ResumeAsync(CancellationToken cancellationToken)
        {
            CheckpointMetadata from = new(
                _submission.Job, "test", 1, new JobEpoch(1), Time.GetUtcNow(), [], [], []);
            return Side.PrepareAsync(new JobEffect.Prepare(1, ToCommit: false, from), cancellationToken);
        }

        /// <summary>Lets the clock go on until something is so.</summary>
        public Task PassUntilAsync(Func<bool> condition) => UntilAsync(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        });

        public async ValueTask DisposeAsync()
        {
            await Side.DisposeAsync();
            _execution.Dispose();
        }
    }
}
