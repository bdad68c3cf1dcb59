using System.Security.Cryptography;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.UserCode;

namespace Millrace.Programs;

/// <summary>Fixes the plan of a program and hands it to a cluster.</summary>
internal sealed class JobSubmitter(ClusterCalls calls)
{
    /// <summary>Runs the program's <c>Define</c> once.</summary>
    /// <param name="jobClass">The job.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="defaultParallelism">Of operators that do not say their own, from 1.</param>
    /// <exception cref="Failures.StreamingException">The program cannot run; the message says what and why.</exception>
    public static JobGraph Compile(Type jobClass, string[] args, int defaultParallelism)
    {
        StreamExecutionEnvironment environment = JobProgram.Of(jobClass).Define(JobArguments.Parse(args));
        return JobCompiler.Compile(environment, jobClass.Name, defaultParallelism);
    }

    /// <summary>Slots the job needs: of each slot sharing group as many as its widest vertex has subtasks.</summary>
    public static int SlotsOf(JobGraph graph) => graph.Vertices
        .GroupBy(vertex => vertex.SlotSharingGroup, StringComparer.Ordinal)
        .Sum(group => group.Max(vertex => vertex.Parallelism));

    /// <summary>Submits a plan whose program the cluster can find.</summary>
    /// <param name="graph">From <see cref="Compile"/>.</param>
    /// <param name="program">Where the silos find the program.</param>
    /// <param name="args">The arguments it was compiled with.</param>
    /// <param name="cancellationToken">Gives up; the job is canceled if it got that far.</param>
    public async Task<JobHandle> SubmitAsync(
        JobGraph graph, ProgramReference program, string[] args, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var submission = new JobSubmission(NewId(), program, [.. args], graph, graph.Settings.RestartOrDefault);

        // Not given up half way: nobody would know whether the job runs.
        JobId id = await calls.CallAsync(
            (grains, token) => grains.Dispatcher().SubmitAsync(submission, token), CancellationToken.None);
        var job = new JobHandle(calls, id, graph.Name);
        if (cancellationToken.IsCancellationRequested)
        {
            await job.CancelAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return job;
    }

    // Drawn here and not by the cluster: a submission that has to be repeated is still the same job.
    private static JobId NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new JobId(Id128.OfBytes(bytes));
    }
}
