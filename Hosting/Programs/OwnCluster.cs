using Millrace.Checkpointing;
using Millrace.Graph;
using Millrace.InProcess;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>A cluster inside the process for jobs of this process: made for the first one, with a slot for each core,
/// and more where a job needs more.</summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<(JobHandle Job, int Slots)> _running = [];
    private MiniCluster? _cluster;

    /// <summary>Parallelism of operators that do not say their own, where nobody else says it: the number of
    /// cores.</summary>
    public static int DefaultParallelism => Environment.ProcessorCount;

    /// <summary>Submits a job.</summary>
    /// <param name="graph">Its plan.</param>
    /// <param name="jobClass">The job.</param>
    /// <param name="args">The arguments the plan was made with.</param>
    /// <param name="restore">What the job goes on from, or null.</param>
    /// <param name="cancellationToken">Gives up submitting.</param>
    public async Task<JobHandle> SubmitAsync(
        JobGraph graph,
        Type jobClass,
        string[] args,
        RestoreSettings? restore,
        CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            int slots = JobSubmitter.SlotsOf(graph);
            await ForgetEndedAsync(cancellationToken);
            MiniCluster cluster = await ProvideAsync(_running.Sum(running => running.Slots) + slots, cancellationToken);
            JobHandle job = await cluster.SubmitAsync(graph, jobClass, args, restore, cancellationToken);
            _running.Add((job, slots));
            return job;
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

    private async Task ForgetEndedAsync(CancellationToken cancellationToken)
    {
        for (int index = _running.Count - 1; index >= 0; index--)
        {
            if (await HasEndedAsync(_running[index].Job, cancellationToken))
            {
                _running.RemoveAt(index);
            }
        }
    }

    private static async Task<bool> HasEndedAsync(JobHandle job, CancellationToken cancellationToken)
    {
        try
        {
            return await job.WaitAsync(TimeSpan.Zero, cancellationToken) is not null;
        }
        catch (JobNotFoundException)
        {
            // So long ago that nobody remembers it.
            return true;
        }
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
