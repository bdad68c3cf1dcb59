using Millrace.Checkpointing;
using Millrace.Connections;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Runs;

/// <summary>Where a run takes place: a cluster, or the process of the command.</summary>
internal sealed class RunPlace : IAsyncDisposable
{
    private const int ClusterParallelism = 1;

    private readonly int? _parallelism;
    private readonly RestoreSettings? _restore;
    private readonly ClusterChoice _choice;
    private readonly OwnCluster _own = new();

    /// <summary>Begun at once, so that connecting and publishing the program go side by side.</summary>
    private readonly Task<ClusterConnection>? _connecting;

    private RunPlace(ClusterChoice choice, int? parallelism, RestoreSettings? restore)
    {
        _choice = choice;
        _parallelism = parallelism;
        _restore = restore;
        if (choice.IsNamed || choice.MayRun())
        {
            _connecting = ClusterConnection.OpenAsync(choice, CancellationToken.None);
        }
    }

    /// <summary>Whether jobs run inside this process.</summary>
    public bool IsOwnProcess => _connecting is null;

    /// <param name="choice">The cluster the user wants.</param>
    /// <param name="parallelism">Of operators that do not say their own, or null.</param>
    /// <param name="restore">What its jobs go on from, or null.</param>
    public static RunPlace Of(ClusterChoice choice, int? parallelism, RestoreSettings? restore) =>
        new(choice, parallelism, restore);

    /// <summary>Waits for the connection.</summary>
    public async Task<JobDoor> OpenAsync(ClientProgram program, CancellationToken cancellationToken)
    {
        if (_connecting is null)
        {
            return new JobDoor(
                "inside this command",
                (jobClass, args, token) => SubmitHereAsync(jobClass, args, token));
        }

        ClusterCalls calls = (await _connecting.WaitAsync(cancellationToken)).Calls;
        return new JobDoor(
            $"on cluster '{_choice.Clustering.ClusterId}'",
            (jobClass, args, token) => SubmitAsync(calls, program, jobClass, args, token));
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        if (_connecting is null)
        {
            return;
        }

        try
        {
            await (await _connecting).DisposeAsync();
        }
        catch (Exception failure) when (failure is Failures.StreamingException)
        {
            // Never connected; who asked for the connection was told.
        }
    }

    private async Task<JobHandle> SubmitHereAsync(Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        JobGraph graph = await JobSubmitter.CompileAsync(
            jobClass, args, _parallelism ?? OwnCluster.DefaultParallelism, cancellationToken);
        return await _own.SubmitAsync(graph, jobClass, args, _restore, cancellationToken);
    }

    private async Task<JobHandle> SubmitAsync(
        ClusterCalls calls, ClientProgram program, Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        JobGraph graph = await JobSubmitter.CompileAsync(
            jobClass, args, _parallelism ?? ClusterParallelism, cancellationToken);
        ProgramReference reference = await program.SendAsync(calls, jobClass, cancellationToken);
        return await new JobSubmitter(calls).SubmitAsync(graph, reference, args, _restore, cancellationToken);
    }
}
