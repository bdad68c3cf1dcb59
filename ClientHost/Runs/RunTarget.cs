using Millrace.Jobs;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Runs;

/// <summary>Where the jobs of a program go that <c>millrace run</c> has started.</summary>
internal sealed class RunTarget(Terminal terminal, Interrupts interrupts, JobDoor door, bool isDetached) : ProgramTarget
{
    private readonly JobProgress _progress = new(terminal, TimeProvider.System);

    /// <summary>The worst outcome of the jobs the program left to <c>StreamJob.RunAsync</c>, for a <c>Main</c> that
    /// does not pass it on.</summary>
    public int ExitCode { get; private set; }

    protected override TextWriter Output => terminal.Output;

    protected override TextWriter Error => terminal.Error;

    protected override Interrupts Interrupts => interrupts;

    public override async Task<JobHandle> SubmitAsync(Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        JobHandle job = await door.SubmitAsync(jobClass, args, cancellationToken);
        if (isDetached)
        {
            terminal.Output.WriteLine(job.Id.ToString());
        }
        else
        {
            terminal.Error.WriteLine($"Job {job} runs {door.Place}.");
        }

        return job;
    }

    public override Task<JobResult> ExecuteAsync(Type jobClass, string[] args, CancellationToken cancellationToken) =>
        isDetached
            ? throw new UsageException(
                $"The program waits for the result of {jobClass.Name}, which -d does not: run it without -d, or let it "
                + "use StreamJob.SubmitAsync or RunAsync.")
            : base.ExecuteAsync(jobClass, args, cancellationToken);

    public override async Task<int> RunAsync(Type jobClass, string[] args)
    {
        int code = isDetached ? await SubmitOnlyAsync(jobClass, args) : await base.RunAsync(jobClass, args);
        ExitCode = Math.Max(ExitCode, code);
        return code;
    }

    protected override void Tell(string line)
    {
        if (!_progress.Tell(line))
        {
            base.Tell(line);
        }
    }

    protected override Task WatchAsync(JobHandle job, CancellationToken hasEnded) => _progress.ShowAsync(job, hasEnded);

    private async Task<int> SubmitOnlyAsync(Type jobClass, string[] args)
    {
        try
        {
            await SubmitAsync(jobClass, args, interrupts.First);
            return ExitCodes.Success;
        }
        catch (Exception failure)
        {
            return Explain(failure);
        }
    }
}
