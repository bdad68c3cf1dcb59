using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Runs;

/// <summary>Takes the plans of a program's jobs and runs none of them.</summary>
internal sealed class PlanTarget(int defaultParallelism) : ProgramTarget
{
    private readonly List<DefinedJob> _jobs = [];

    /// <summary>The plans taken so far.</summary>
    public IReadOnlyList<JobGraph> Plans => [.. _jobs.Select(static job => job.Plan)];

    /// <summary>The jobs whose plans were taken.</summary>
    public IReadOnlyList<DefinedJob> Jobs => _jobs;

    /// <exception cref="PlanTakenException">Always: there is no job to go on with.</exception>
    public override Task<JobHandle> SubmitAsync(Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        Take(jobClass, args);
        throw new PlanTakenException();
    }

    /// <exception cref="PlanTakenException">Always: there is no result to go on with.</exception>
    public override Task<JobResult> ExecuteAsync(Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        Take(jobClass, args);
        throw new PlanTakenException();
    }

    public override Task<int> RunAsync(Type jobClass, string[] args)
    {
        Take(jobClass, args);
        return Task.FromResult(Success);
    }

    private void Take(Type jobClass, string[] args) =>
        _jobs.Add(DefinedJob.Of(jobClass, args, defaultParallelism));
}

/// <summary>Ends a program whose plan was all that was wanted.</summary>
internal sealed class PlanTakenException() : Exception("The plan of the program was taken; it is not run.");
