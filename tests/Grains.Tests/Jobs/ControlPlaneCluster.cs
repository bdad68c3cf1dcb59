using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.DataStream;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Jobs.Storage;
using Millrace.Slots;
using Millrace.Tasks;
using Millrace.UserCode;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Millrace.Jobs;

/// <summary>Silos in this process, real but for their subtasks.</summary>
internal sealed class ControlPlaneCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InProcessTestCluster _cluster;
    private readonly SystemExecution _execution;
    private readonly TemporaryFolder _folder;
    private int _programs;

    private ControlPlaneCluster(InProcessTestCluster cluster, SystemExecution execution, TemporaryFolder folder)
    {
        _cluster = cluster;
        _execution = execution;
        _folder = folder;
    }

    public required TestPrograms Programs { get; init; }

    public required TaskBehavior Behavior { get; init; }

    public IGrainFactory Grains => _cluster.Client;

    public IEnumerable<InProcessSiloHandle> Silos => _cluster.Silos;

    public static async Task<ControlPlaneCluster> StartAsync(int silos, int slots)
    {
        var folder = new TemporaryFolder();
        var programs = new TestPrograms();
        var behavior = new TaskBehavior();
        var execution = new SystemExecution(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Millrace:Jobs:Directory"] = folder.Combine("jobs"),
            ["Millrace:Checkpoints:Directory"] = folder.Combine("checkpoints"),
            ["Millrace:Jobs:SlotRequestTimeout"] = "00:00:01",
            ["Millrace:Jobs:WatchInterval"] = "00:00:00.500",
            ["Millrace:Jobs:MetricsInterval"] = "00:00:00.200",
            ["Millrace:Jobs:CommitRetryDelay"] = "00:00:00.010",
            ["Millrace:Slots:Count"] = slots.ToString(CultureInfo.InvariantCulture),
            ["Millrace:Slots:ReportInterval"] = "00:00:00.500",
            ["Millrace:Tasks:CancellationTimeout"] = "00:00:05",
            ["Millrace:Jobs:CancellationMargin"] = "00:00:01",
        }).Build();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMillraceControlPlane(settings);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            silo.Services.AddSingleton<IExecution>(execution);
            silo.Services.AddSingleton<IJobPrograms>(programs);
            silo.Services.AddSingleton(behavior);
            silo.Services.AddSingleton<TestTaskHost>();
            silo.Services.AddSingleton<ITaskHost>(static provider => provider.GetRequiredService<TestTaskHost>());
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
            });
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        var started = new ControlPlaneCluster(cluster, execution, folder) { Programs = programs, Behavior = behavior };
        await started.WaitAsync(
            "all slots registered",
            async () => (await started.OverviewAsync()).TotalSlots,
            total => total == silos * slots);
        return started;
    }

    public async Task<JobId> SubmitAsync(JobsSide side, int parallelism, RestartSettings? restart = null)
    {
        string key = $"job{Interlocked.Increment(ref _programs)}";
        var program = new TestJob(side, parallelism);
        Programs.Add(key, program);

        // All of its subtasks run at the same time, as in a job that has no stages.
        StreamExecutionEnvironment environment =
            new StreamExecutionEnvironment().SetBatchExchange(ExchangeKind.Pipelined);
        program.Define(environment, Millrace.Programs.JobArguments.Empty);
        JobId job = new(Id128.Of(_execution.NewId()));
        return await Grains.Dispatcher().SubmitAsync(
            new JobSubmission(
                job,
                new ProgramReference(ProgramKind.InProcess, key, "TestJob"),
                [],
                JobCompiler.Compile(environment, key, 1),
                restart ?? RestartSettings.None),
            CancellationToken.None);
    }

    public async Task<JobResult> ResultAsync(JobId job)
    {
        JobResult? result = null;
        await WaitAsync(
            $"end of {job}",
            async () =>
            {
                try
                {
                    result = await Grains.Job(job).WaitForResultAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
                }
                catch (Exception exception) when (GrainCalls.MayHelpToRepeat(exception))
                {
                    // The silo that was asked has just died.
                }

                return result is null ? "still running" : "ended";
            },
            static state => state == "ended");
        return result!;
    }

    public Task WaitForStatusAsync(JobId job, JobStatus status) => WaitAsync(
        $"{job} {status}",
        async () => (await Grains.Job(job).GetDetailsAsync(CancellationToken.None)).Status,
        seen => seen == status);

    public Task<ResourceOverview> OverviewAsync() =>
        Grains.ResourceManager().GetOverviewAsync(CancellationToken.None);

    public Task WaitForFreeSlotsAsync(int free) =>
        WaitAsync("free slots", async () => (await OverviewAsync()).FreeSlots, seen => seen == free);

    /// <summary>Waits until nobody uses a job's code any more: a job shows its end first and lets go then.</summary>
    public Task WaitForReleasedCodeAsync() =>
        WaitAsync("released code", () => Task.FromResult(Programs.InUse), uses => uses == 0);

    public TestTaskHost Host(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<TestTaskHost>();

    public IReadOnlyList<(TestTaskHost Host, ExecutionAttemptId Attempt)> Tasks() =>
        [.. Silos.SelectMany(silo => Host(silo).Attempts.Select(attempt => (Host(silo), attempt)))];

    /// <summary>Has every subtask that runs come to its end.</summary>
    public void FinishTasks()
    {
        foreach ((TestTaskHost host, ExecutionAttemptId attempt) in Tasks())
        {
            host.Finish(attempt);
        }
    }

    /// <summary>The silo a job's grain is on.</summary>
    public InProcessSiloHandle SiloOf(JobId job) => Silos.Single(silo =>
        silo.ServiceProvider.GetRequiredService<SiloIdentity>().Display == OwnerOf(job));

    public string OwnerOf(JobId job)
    {
        string path = _folder.Combine("jobs", job.ToString(), "record.json");
        return JobRecordFormat.Read<JobRecord>(JobRecordFormat.Record, path, File.ReadAllBytes(path)).Owner;
    }

    public static string AddressOf(InProcessSiloHandle silo) => silo.SiloAddress.ToParsableString();

    public Task KillAsync(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    /// <summary>Waits for a condition, within a bound that is no measure of anything.</summary>
    public async Task WaitAsync<T>(string phase, Func<Task<T>> look, Func<T, bool> enough)
    {
        using CancellationTokenSource patience = new(Patience);
        string seen = "nothing";
        while (!patience.IsCancellationRequested)
        {
            try
            {
                T now = await look();
                seen = $"{now}";
                if (enough(now))
                {
                    return;
                }
            }
            catch (Exception exception) when (GrainCalls.MayHelpToRepeat(exception))
            {
                seen = exception.Message;
            }

            await Task.WhenAny(_execution.DelayAsync(TimeSpan.FromMilliseconds(20), patience.Token));
        }

        Assert.Fail($"{phase}: not reached within {Patience}; last seen: {seen}");
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _execution.Dispose();
        _folder.Dispose();
    }
}
