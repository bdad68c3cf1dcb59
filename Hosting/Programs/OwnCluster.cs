using Millrace.Graph;
using Millrace.InProcess;

namespace Millrace.Programs;

/// <summary>A cluster inside the process for jobs of this process: made for the first one, with a slot for each core,
/// and
/// more where a job needs more.</summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private MiniCluster? _cluster;

    /// <summary>Fixes the plan of a job and submits it.</summary>
    /// <param name="jobClass">The job.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="parallelism">Of operators that do not say their own; null for the number of cores.</param>
    /// <param name="cancellationToken">Gives up submitting.</param>
    public async Task<JobHandle> SubmitAsync(
        Type jobClass, string[] args, int? parallelism, CancellationToken cancellationToken)
    {
        JobGraph graph = JobSubmitter.Compile(jobClass, args, parallelism ?? Environment.ProcessorCount);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            MiniCluster cluster = await ProvideAsync(JobSubmitter.SlotsOf(graph), cancellationToken);
            return await cluster.SubmitAsync(graph, jobClass, args, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>For a process that ends without stopping the silos.</summary>
    public void DeleteFiles() => _cluster?.DeleteFiles();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _gate.Dispose();
    }

    /// <summary>Nobody is there to start more silos, so a job must not wait for slots.</summary>
    private async Task<MiniCluster> ProvideAsync(int slots, CancellationToken cancellationToken)
    {
        if (_cluster is null)
        {
            var options = new MiniClusterOptions();
            options.SlotsPerSilo = Math.Max(options.SlotsPerSilo, slots);
            _cluster = await MiniCluster.StartAsync(options, cancellationToken);
        }
        else if (_cluster.Slots < slots)
        {
            await _cluster.AddSiloAsync(slots - _cluster.Slots, cancellationToken);
        }

        return _cluster;
    }
}
