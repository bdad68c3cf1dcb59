using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>Runs jobs from a program's <c>Main</c>.</summary>
/// <remarks>
/// Started by itself (<c>dotnet run</c>), a program runs its jobs in a cluster inside its own process, with one slot
/// for each core. Started by <c>millrace run</c>, the same program runs them on the cluster that the command was
/// given. The parallelism of operators that do not say their own is the program's, else that of <c>millrace run
/// -p</c>, else the environment variable <c>MILLRACE_PARALLELISM</c>, else the number of cores in the process and 1
/// on a cluster.
/// </remarks>
public static class StreamJob
{
    /// <summary>Name of the environment variable with the default parallelism.</summary>
    public const string ParallelismVariable = "MILLRACE_PARALLELISM";

    /// <summary>Name of the environment variable with the savepoint that the jobs of a program go on from which runs
    /// by itself.</summary>
    public const string SavepointVariable = "MILLRACE_SAVEPOINT";

    /// <summary>Runs a job to its end and prints how it ended.</summary>
    /// <typeparam name="TJob">The job.</typeparam>
    /// <param name="args">The job's arguments, as <c>Main</c> gets them.</param>
    /// <returns>Exit code for the process: 0 finished, 1 failed or canceled, 2 wrong arguments.</returns>
    /// <remarks>Ctrl-C cancels the job and waits for it; a second one ends the process.</remarks>
    public static Task<int> RunAsync<TJob>(string[] args)
        where TJob : IStreamJob
    {
        ArgumentNullException.ThrowIfNull(args);
        return ProgramTarget.Current.RunAsync(typeof(TJob), args);
    }

    /// <summary>Runs a job and waits for its result, so that a program can go on with it.</summary>
    /// <typeparam name="TJob">The job.</typeparam>
    /// <param name="args">The job's arguments.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="JobFailedException">The job failed or was canceled.</exception>
    /// <exception cref="Failures.StreamingException">The job cannot run; nothing was started.</exception>
    /// <exception cref="OperationCanceledException">It was canceled by
    /// <paramref name="cancellationToken"/>.</exception>
    public static Task<JobResult> ExecuteAsync<TJob>(string[] args, CancellationToken cancellationToken = default)
        where TJob : IStreamJob
    {
        ArgumentNullException.ThrowIfNull(args);
        return ProgramTarget.Current.ExecuteAsync(typeof(TJob), args, cancellationToken);
    }

    /// <summary>Submits a job and does not wait for it.</summary>
    /// <typeparam name="TJob">The job.</typeparam>
    /// <param name="args">The job's arguments.</param>
    /// <param name="cancellationToken">Gives up submitting; the job is canceled if it got that far.</param>
    /// <remarks>A job in a cluster inside the process ends with the process: wait for it.</remarks>
    /// <exception cref="Failures.StreamingException">The job cannot run; nothing was started.</exception>
    public static Task<JobHandle> SubmitAsync<TJob>(string[] args, CancellationToken cancellationToken = default)
        where TJob : IStreamJob
    {
        ArgumentNullException.ThrowIfNull(args);
        return ProgramTarget.Current.SubmitAsync(typeof(TJob), args, cancellationToken);
    }
}
