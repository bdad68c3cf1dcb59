using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>Where the jobs of a program go. Bound by whoever starts the program; a program that was started by itself
/// has a cluster in its own process.</summary>
internal abstract class ProgramTarget
{
    /// <summary>Exit code of a program whose jobs have finished.</summary>
    public const int Success = 0;

    /// <summary>Exit code of a program of which a job failed or was canceled.</summary>
    public const int Failure = 1;

    /// <summary>Exit code of a program whose arguments are wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Exit code of a program that does not know what became of a job: the cluster has stopped answering, or
    /// the job was left to itself.</summary>
    public const int Unknown = 3;

    /// <summary>Subtasks may take 60 s to stop before they are given up.</summary>
    private static readonly TimeSpan LongestCancel = TimeSpan.FromSeconds(90);

    private static readonly AsyncLocal<ProgramTarget?> Bound = new();

    /// <summary>The target of the program that calls.</summary>
    public static ProgramTarget Current => Bound.Value ?? OwnProcessTarget.Instance;

    /// <summary>The default parallelism that the environment asks for, or null.</summary>
    /// <exception cref="JobArgumentException">It asks for no number.</exception>
    public static int? EnvironmentParallelism
    {
        get
        {
            string? text = Environment.GetEnvironmentVariable(StreamJob.ParallelismVariable);
            if (string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            return int.TryParse(text, out int parallelism) && parallelism > 0
                ? parallelism
                : throw new JobArgumentException(
                    StreamJob.ParallelismVariable,
                    $"The environment variable {StreamJob.ParallelismVariable} is '{text}'; a whole number from 1 is "
                    + "needed.");
        }
    }

    /// <summary>What jobs go on from as the environment says, or null.</summary>
    public static RestoreSettings? EnvironmentRestore
    {
        get
        {
            string? path = Environment.GetEnvironmentVariable(StreamJob.SavepointVariable);
            return string.IsNullOrWhiteSpace(path) ? null : new RestoreSettings(path);
        }
    }

    /// <summary>Where results are told.</summary>
    protected virtual TextWriter Output => Console.Out;

    /// <summary>Where failures and progress are told.</summary>
    protected virtual TextWriter Error => Console.Error;

    /// <summary>Ctrl-C, when it is for the jobs whatever the program does; null when the program has it to
    /// itself.</summary>
    protected virtual Interrupts? Interrupts => null;

    /// <summary>Binds what <paramref name="program"/> starts, and nothing else, to this target.</summary>
    public async Task<T> BindAsync<T>(Func<Task<T>> program)
    {
        // Undone when this method returns: a change of an AsyncLocal does not leave an async method.
        Bound.Value = this;
        return await program();
    }

    /// <summary>Fixes the plan and submits it.</summary>
    public abstract Task<JobHandle> SubmitAsync(Type jobClass, string[] args, CancellationToken cancellationToken);

    /// <summary>Submits a job and waits.</summary>
    /// <exception cref="JobFailedException">It did not finish.</exception>
    public virtual async Task<JobResult> ExecuteAsync(Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        JobHandle job = await SubmitAsync(jobClass, args, cancellationToken);
        JobResult result;
        try
        {
            result = await WaitAsync(job, Interrupts, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await job.CancelAsync(CancellationToken.None);
            throw;
        }

        return result.Status == JobStatus.Finished ? result : throw new JobFailedException(result);
    }

    /// <summary>Submits a job, waits and tells the user how it ended.</summary>
    /// <returns>The exit code.</returns>
    public virtual async Task<int> RunAsync(Type jobClass, string[] args)
    {
        using Interrupts? own = Interrupts is null ? Interrupts.OfProcess(CancellationToken.None) : null;
        Interrupts interrupts = Interrupts ?? own!;
        JobHandle? job = null;
        try
        {
            job = await SubmitAsync(jobClass, args, interrupts.First);
            JobResult result = await WaitAsync(job, interrupts, CancellationToken.None);
            JobReport.Write(result, Output, Error);
            return result.Status == JobStatus.Finished ? Success : Failure;
        }
        catch (OperationCanceledException) when (interrupts.First.IsCancellationRequested)
        {
            Error.WriteLine(job is null ? "Interrupted; no job was submitted." : $"Job {job} was left to itself.");
            return job is null ? Failure : Unknown;
        }
        catch (TimeoutException late) when (job is not null && interrupts.First.IsCancellationRequested)
        {
            Error.WriteLine(late.Message);
            return Unknown;
        }
#pragma warning disable CA1031 // What the program's Define throws ends here, in words.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Explain(failure);
        }
    }

    /// <summary>Turns what goes wrong before or beside a job into words and an exit code.</summary>
    protected int Explain(Exception failure)
    {
        // Of an error of the user's own code the stack is wanted.
        bool isExplained = failure is StreamingException or IOException or UnauthorizedAccessException;
        Error.WriteLine(isExplained ? failure.Message : failure.ToString());
        return failure switch
        {
            JobArgumentException => WrongUsage,
            ClusterLostException => Unknown,
            _ => Failure,
        };
    }

    /// <summary>Tells the user something about a job while it is waited for.</summary>
    protected virtual void Tell(string line) => Error.WriteLine(line);

    /// <summary>Shows how the job gets on, until it has ended.</summary>
    protected virtual Task WatchAsync(JobHandle job, CancellationToken hasEnded) => Task.CompletedTask;

    private async Task<JobResult> WaitAsync(JobHandle job, Interrupts? interrupts, CancellationToken cancellationToken)
    {
        using var hasEnded = new CancellationTokenSource();
        Task watching = WatchAsync(job, hasEnded.Token);
        try
        {
            return await WaitOrCancelAsync(job, interrupts, cancellationToken);
        }
        finally
        {
            await hasEnded.CancelAsync();
            await watching;
        }
    }

    private async Task<JobResult> WaitOrCancelAsync(
        JobHandle job, Interrupts? interrupts, CancellationToken cancellationToken)
    {
        if (interrupts is null)
        {
            return await job.WaitAsync(Tell, cancellationToken);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.First);
        try
        {
            return await job.WaitAsync(Tell, either.Token);
        }
        catch (OperationCanceledException) when (interrupts.First.IsCancellationRequested)
        {
            Error.WriteLine($"{Environment.NewLine}Canceling job {job}; Ctrl-C again leaves it to itself.");
            await job.CancelAsync(interrupts.Second);
            return await WaitForCancelAsync(job, interrupts);
        }
    }

    private async Task<JobResult> WaitForCancelAsync(JobHandle job, Interrupts interrupts)
    {
        using var patience = new CancellationTokenSource(LongestCancel, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Second, patience.Token);
        try
        {
            return await job.WaitAsync(Tell, either.Token);
        }
        catch (OperationCanceledException) when (!interrupts.Second.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Job {job} has not ended {LongestCancel.TotalSeconds:0} s after it was told to; 'millrace show "
                + $"{job.Id}' tells what it waits for.");
        }
    }
}
