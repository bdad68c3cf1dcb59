using System.Security.Cryptography;
using Millrace.Checkpointing;
using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>Fixes the plan of a program and hands it to a cluster.</summary>
internal sealed class JobSubmitter(ClusterCalls calls)
{
    /// <summary>Runs the program's <c>Define</c> once.</summary>
    /// <param name="jobClass">The job.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="defaultParallelism">Of operators that do not say their own, from 1.</param>
    /// <exception cref="Failures.StreamingException">The program cannot run; the message says what and why.</exception>
    public static JobGraph Compile(Type jobClass, string[] args, int defaultParallelism) =>
        DefinedJob.Of(jobClass, args, defaultParallelism).Plan;

    /// <summary>Runs the program's <c>Define</c> once, on the pool. One that never comes back is left alone when the
    /// caller gives up: nothing is submitted yet.</summary>
    /// <param name="jobClass">The job.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="defaultParallelism">Of operators that do not say their own, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Failures.StreamingException">The program cannot run; the message says what and why.</exception>
    public static Task<JobGraph> CompileAsync(
        Type jobClass, string[] args, int defaultParallelism, CancellationToken cancellationToken)
    {
        return OnThePoolAsync().WaitAsync(cancellationToken);

        async Task<JobGraph> OnThePoolAsync()
        {
            await Task.Yield();
            return Compile(jobClass, args, defaultParallelism);
        }
    }

    /// <summary>Slots the job needs: of each slot sharing group as many as its widest vertex has subtasks.</summary>
    public static int SlotsOf(JobGraph graph) => graph.Vertices
        .GroupBy(vertex => vertex.SlotSharingGroup, StringComparer.Ordinal)
        .Sum(group => group.Max(vertex => vertex.Parallelism));

    /// <summary>Submits a plan whose program the cluster can find.</summary>
    /// <param name="graph">From <see cref="Compile"/>.</param>
    /// <param name="program">Where the silos find the program.</param>
    /// <param name="args">The arguments it was compiled with.</param>
    /// <param name="restore">What the job goes on from; null for what the program says, and then for nothing.</param>
    /// <param name="cancellationToken">Gives up; the job is canceled if it got that far.</param>
    /// <exception cref="Checkpointing.IncompatibleSavepointException">The program cannot go on from that; nothing was
    /// started.</exception>
    /// <exception cref="Checkpointing.CheckpointCorruptedException">It is not there, or is damaged.</exception>
    public Task<JobHandle> SubmitAsync(
        JobGraph graph,
        ProgramReference program,
        string[] args,
        RestoreSettings? restore,
        CancellationToken cancellationToken) => SubmitAsync(
            new JobSubmission(
                new JobId(NewId()),
                program,
                [.. args],
                graph,
                graph.Settings.RestartOrDefault,
                (restore ?? graph.Settings.Restore) is { } one ? one with { Path = FullPath(one.Path) } : null),
            cancellationToken);

    /// <summary>Submits a job.</summary>
    public async Task<JobHandle> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Not given up half way: nobody would know whether the job runs.
        JobId id = await calls.CallAsync(
            (grains, token) => grains.Dispatcher().SubmitAsync(submission, token),
            CancellationToken.None,
            about: $"If job '{submission.Graph.Name}' was submitted, its id is {submission.Job}.");
        var job = new JobHandle(calls, id, submission.Graph.Name);
        if (cancellationToken.IsCancellationRequested)
        {
            await job.CancelAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return job;
    }

    /// <summary>An id drawn here and not by the cluster: what has to be asked for again is still the same.</summary>
    public static Id128 NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return Id128.OfBytes(bytes);
    }

    /// <summary>A path as every process understands it; a URI as it is.</summary>
    public static string FullPath(string path) =>
        path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path);
}
