namespace Millrace.Programs;

/// <summary>A program that was started by itself: its jobs run in a cluster inside the process, which is kept as long
/// as the process lives.</summary>
#pragma warning disable CA1001 // There is one, and it lives as long as the process.
internal sealed class OwnProcessTarget : ProgramTarget
#pragma warning restore CA1001
{
    private readonly OwnCluster _cluster = new();

    private OwnProcessTarget()
    {
        // Main may end without a word; nobody waits for silos then, but their files must not stay.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _cluster.DeleteFiles();
    }

    public static OwnProcessTarget Instance { get; } = new();

    /// <inheritdoc/>
    public override async Task<JobHandle> SubmitAsync(
        Type jobClass, string[] args, CancellationToken cancellationToken)
    {
        int parallelism = EnvironmentParallelism ?? OwnCluster.DefaultParallelism;
        return await _cluster.SubmitAsync(
            await JobSubmitter.CompileAsync(jobClass, args, parallelism, cancellationToken),
            jobClass,
            args,
            EnvironmentRestore,
            cancellationToken);
    }
}
