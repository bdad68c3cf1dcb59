using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Millrace.Checkpointing;
using Millrace.Clustering;
using Millrace.Graph;
using Millrace.Programs;
using Millrace.UserCode;

namespace Millrace.InProcess;

/// <summary>A cluster inside the process: for programs that run by themselves, and for tests. Not
/// thread-safe.</summary>
public sealed class MiniCluster : IAsyncDisposable
{
    private readonly MiniClusterOptions _options;
    private readonly InProcessMembership _membership = new();
    private readonly InProcessPrograms _programs = new();
    private readonly List<MiniSilo> _silos = [];
    private readonly DirectoryInfo _directory;
    private readonly ILoggerFactory _loggers;
    private int _started;

    private MiniCluster(MiniClusterOptions options)
    {
        _options = options;
        _directory = options.Directory is null
            ? Directory.CreateTempSubdirectory("millrace-")
            : Directory.CreateDirectory(options.Directory);
        _loggers = options.Loggers ?? CreateLoggers();
    }

    /// <summary>The silos that run, in the order they were started.</summary>
    public IReadOnlyList<MiniSilo> Silos => _silos;

    /// <summary>All task slots.</summary>
    public int Slots => _silos.Sum(silo => silo.Slots);

    /// <summary>Calls grains, by way of the first silo that runs.</summary>
    /// <exception cref="InvalidOperationException">No silo runs.</exception>
    public IGrainFactory Grains => _silos.Count > 0
        ? _silos[0].Grains
        : throw new InvalidOperationException("The cluster has no silo that runs.");

    /// <summary>Starts a cluster.</summary>
    /// <param name="options">What it is to be; the defaults when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<MiniCluster> StartAsync(
        MiniClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var cluster = new MiniCluster(options ?? new MiniClusterOptions());
        try
        {
            for (int silo = 0; silo < cluster._options.Silos; silo++)
            {
                await cluster.AddSiloAsync(slots: null, cancellationToken);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a further silo.</summary>
    /// <param name="slots">Its task slots; null for as many as the first ones have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MiniSilo> AddSiloAsync(int? slots = null, CancellationToken cancellationToken = default)
    {
        SiloOptions options = CreateSiloOptions(slots ?? _options.SlotsPerSilo);
        MiniSilo silo = await MiniSilo.StartAsync(options, _loggers, cancellationToken);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Stops a silo; it leaves the cluster properly.</summary>
    public Task StopSiloAsync(MiniSilo silo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(silo);
        _silos.Remove(silo);
        return silo.StopAsync(cancellationToken);
    }

    /// <summary>Stops a silo without letting it leave the cluster, as near to a crash as a process allows for a part of
    /// itself; the others notice and declare it dead.</summary>
    public Task KillSiloAsync(MiniSilo silo) => StopSiloAsync(silo, new CancellationToken(canceled: true));

    /// <summary>Fixes the plan of a job of this process and submits it. It waits for slots when there are too
    /// few.</summary>
    /// <typeparam name="TJob">The job.</typeparam>
    /// <param name="args">Its arguments.</param>
    /// <param name="parallelism">Of operators that do not say their own; null for the number of slots.</param>
    /// <param name="cancellationToken">Gives up submitting.</param>
    /// <exception cref="Failures.StreamingException">The job cannot run; nothing was started.</exception>
    public Task<JobHandle> SubmitAsync<TJob>(
        string[] args, int? parallelism = null, CancellationToken cancellationToken = default)
        where TJob : IStreamJob
    {
        JobGraph graph = JobSubmitter.Compile(typeof(TJob), args, parallelism ?? Slots);
        return SubmitAsync(graph, typeof(TJob), args, restore: null, cancellationToken);
    }

    /// <summary>The same for a job that goes on from a savepoint, or from a checkpoint that was kept.</summary>
    /// <typeparam name="TJob">The job.</typeparam>
    /// <param name="args">Its arguments.</param>
    /// <param name="restore">From what, and how.</param>
    /// <param name="parallelism">Of operators that do not say their own; null for the number of slots.</param>
    /// <param name="cancellationToken">Gives up submitting.</param>
    /// <exception cref="IncompatibleSavepointException">The program cannot go on from that; nothing was
    /// started.</exception>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is damaged; nothing was started.</exception>
    public Task<JobHandle> SubmitAsync<TJob>(
        string[] args,
        RestoreSettings restore,
        int? parallelism = null,
        CancellationToken cancellationToken = default)
        where TJob : IStreamJob
    {
        ArgumentNullException.ThrowIfNull(restore);
        JobGraph graph = JobSubmitter.Compile(typeof(TJob), args, parallelism ?? Slots);
        return SubmitAsync(graph, typeof(TJob), args, restore, cancellationToken);
    }

    /// <summary>Stops the silos and deletes the cluster's files.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_silos.Count > 0)
        {
            await StopSiloAsync(_silos[^1]);
        }

        if (_options.Loggers is null)
        {
            _loggers.Dispose();
        }

        DeleteFiles();
    }

    /// <summary>For a process that ends without stopping the silos.</summary>
    internal void DeleteFiles()
    {
        try
        {
            Directory.Delete(_directory.FullName, recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // Gone already, or still written by a silo that is being stopped: the system clears temporary files.
        }
    }

    internal Task<JobHandle> SubmitAsync(
        JobGraph graph,
        Type jobClass,
        string[] args,
        RestoreSettings? restore,
        CancellationToken cancellationToken)
    {
        var submitter = new JobSubmitter(
            new ClusterCalls(() => Grains, TimeProvider.System, isGone: () => _silos.Count == 0));
        return submitter.SubmitAsync(graph, _programs.Add(jobClass), args, restore, cancellationToken);
    }

    private SiloOptions CreateSiloOptions(int slots) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"silo-{++_started}"),
        Packages = new PackageStoreOptions
        {
            Directory = Path.Combine(_directory.FullName, "packages"),
            Unpacked = Path.Combine(_directory.FullName, "unpacked"),
        },
        Clustering = new ClusteringOptions
        {
            Provider = ClusteringProvider.InProcess,
            ClusterId = "in-process",
            InProcess = _membership,
        },
        Programs = _programs,
        Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(CreateSettings(slots))
            .AddInMemoryCollection(_options.Settings)
            .Build(),
    };

    private Dictionary<string, string?> CreateSettings(int slots) => new()
    {
        ["Millrace:Slots:Count"] = Text(slots),
        ["Millrace:Jobs:Directory"] = Path.Combine(_directory.FullName, "jobs"),
        ["Millrace:Checkpoints:Directory"] = Path.Combine(_directory.FullName, "checkpoints"),
        ["Millrace:Checkpoints:SavepointDirectory"] = Path.Combine(_directory.FullName, "savepoints"),

        // The silos share the cores.
        ["Millrace:Workers:Threads"] = Text(Math.Max(1, Environment.ProcessorCount / _options.Silos)),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ILoggerFactory CreateLoggers() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Orleans", LogLevel.Error)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true));
}
