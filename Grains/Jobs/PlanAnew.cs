using Millrace.Graph;
using Millrace.Programs;
using Millrace.UserCode;

namespace Millrace.Jobs;

/// <summary>Makes the plan of a job once more, with another number of subtasks.</summary>
internal static class PlanAnew
{
    /// <summary>Runs the program's <c>Define</c>, on the pool.</summary>
    /// <param name="submission">The job.</param>
    /// <param name="parallelism">Of operators that do not say their own, from 1.</param>
    /// <param name="services">What it uses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Failures.StreamingException">The program cannot run like that.</exception>
    public static async Task<JobGraph> OfAsync(
        JobSubmission submission, int parallelism, JobServices services, CancellationToken cancellationToken)
    {
        using IJobCode code = await services.Programs.LoadAsync(
            submission.Job, submission.Program, cancellationToken);
        JobGraph former = submission.Graph;
        JobGraph plan = former;
        StreamGraph program = await code.DefineAsync(
            JobArguments.Parse(submission.Arguments), services.Execution, cancellationToken);
        await services.Execution.RunAsync(() =>
        {
            GraphShape.RequireSame(program, former);

            // Relative paths count from where the job was submitted, and not from here.
            plan = JobCompiler.Compile(program.Environment, former.Name, parallelism) with
            {
                Settings = former.Settings,
            };
            return Task.CompletedTask;
        });
        return plan;
    }
}
