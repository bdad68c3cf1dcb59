using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Local;

/// <summary>A cluster of silo processes on this machine: starts, lists and stops them.</summary>
/// <remarks>The processes outlive whoever started them. Silos of the same directory that somebody else started count
/// too.</remarks>
public sealed partial class LocalCluster
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> NoSettings = [];

    private readonly LocalClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly Patience _patience;

    /// <summary>Names the cluster; starts nothing.</summary>
    public LocalCluster(ClusterDirectory directory, LocalClusterOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        Directory = directory;
        _options = options ?? new LocalClusterOptions();
        _time = time ?? TimeProvider.System;
        _patience = new Patience(_time);
    }

    /// <summary>Where its files are.</summary>
    public ClusterDirectory Directory { get; }

    /// <summary>The silo processes, in the order of their names; those that died are among them until the cluster is
    /// stopped or started.</summary>
    public IReadOnlyList<LocalSilo> Silos() => [.. Records().Select(record => LocalSilo.Of(record, Directory))];

    /// <summary>Whether any silo process runs.</summary>
    public bool IsRunning() => Records().Any(record => record.IsRunning);

    /// <summary>Starts the cluster and waits until all its silos are active.</summary>
    /// <param name="silos">Number of silo processes, from 1.</param>
    /// <param name="slotsPerSilo">Task slots of each; null for the number of cores.</param>
    /// <param name="settings">Handed to every silo, such as <c>Millrace:Tasks:CancellationTimeout</c>; none when
    /// null.</param>
    /// <param name="cancellationToken">Gives up; stops what was started.</param>
    /// <exception cref="LocalClusterException">It runs already, or somebody is starting or stopping it.</exception>
    /// <exception cref="SiloStartException">A silo did not become active; all were stopped again.</exception>
    public async Task<IReadOnlyList<LocalSilo>> StartAsync(
        int silos,
        int? slotsPerSilo,
        IReadOnlyDictionary<string, string>? settings,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silos);
        using FileStream held = await LockAsync(cancellationToken);
        SiloRecord[] running = [.. Records().Where(record => record.IsRunning)];
        if (running.Length > 0)
        {
            throw new LocalClusterException(
                $"Cluster '{Directory.Name}' is running already: {Describe(running)}. Add silos with "
                + "'millrace cluster add', or stop it with 'millrace cluster stop'.");
        }

        // Left by a cluster that was killed.
        DeleteTraces();
        var started = new ClusterSettings(
            slotsPerSilo ?? Environment.ProcessorCount, _time.GetUtcNow(), settings ?? NoSettings);
        started.Write(Directory);
        return await LaunchAsync(Enumerable.Range(1, silos), started, cancellationToken);
    }

    /// <summary>Starts further silos of a running cluster and waits until they are active.</summary>
    /// <param name="silos">Number of silo processes to add, from 1.</param>
    /// <param name="slotsPerSilo">Task slots of each; null for as many as those have with which the cluster was
    /// started.</param>
    /// <param name="cancellationToken">Gives up; stops what was started.</param>
    /// <exception cref="LocalClusterException">It is not running, or somebody is starting or stopping it.</exception>
    /// <exception cref="SiloStartException">An added silo did not become active; all added were stopped
    /// again.</exception>
    public async Task<IReadOnlyList<LocalSilo>> AddAsync(
        int silos, int? slotsPerSilo, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silos);
        using FileStream held = await LockAsync(cancellationToken);
        SiloRecord[] records = [.. Records()];
        if (!records.Any(record => record.IsRunning))
        {
            throw NotRunning();
        }

        ClusterSettings settings = ClusterSettings.TryRead(Directory)
            ?? new ClusterSettings(Environment.ProcessorCount, _time.GetUtcNow(), NoSettings);
        settings = settings with { SlotsPerSilo = slotsPerSilo ?? settings.SlotsPerSilo };
        int last = records.Max(record => NumberOf(record.Name));
        return await LaunchAsync(Enumerable.Range(last + 1, silos), settings, cancellationToken);
    }

    /// <summary>Asks all silos to stop, kills those that do not in time, and forgets those that are dead.</summary>
    /// <returns>The silos that were running; those killed are marked <see cref="SiloState.Dead"/>.</returns>
    /// <exception cref="LocalClusterException">None was running, or somebody is starting or stopping the
    /// cluster.</exception>
    public async Task<IReadOnlyList<LocalSilo>> StopAsync(CancellationToken cancellationToken)
    {
        if (!System.IO.Directory.Exists(Directory.Root))
        {
            throw NotRunning();
        }

        using FileStream held = await LockAsync(cancellationToken);
        SiloRecord[] running = [.. Records().Where(record => record.IsRunning)];
        foreach (SiloRecord record in running)
        {
            Terminate(record);
        }

        await _patience.UntilAsync(
            () => !running.Any(record => record.IsRunning), _options.StopTimeout, cancellationToken);
        SiloRecord[] stubborn = [.. running.Where(record => record.IsRunning)];
        foreach (SiloRecord record in stubborn)
        {
            Kill(record);
        }

        DeleteTraces();
        return running.Length == 0 ? throw NotRunning() : [.. running.Select(Stopped)];

        LocalSilo Stopped(SiloRecord record) => LocalSilo.Of(record, Directory) with
        {
            State = stubborn.Contains(record) ? SiloState.Dead : SiloState.Stopping,
        };
    }

    /// <summary>The error for whoever needs a running cluster.</summary>
    public LocalClusterException NotRunning()
    {
        string name = Directory.Name == ClusterDirectory.DefaultName ? "" : $" --name {Directory.Name}";
        return new LocalClusterException(
            $"Cluster '{Directory.Name}' is not running on this machine (directory '{Directory.Root}'). Start it with "
            + $"'millrace cluster start{name}'.");
    }

    private static string Describe(IEnumerable<SiloRecord> records) =>
        string.Join(", ", records.Select(record => $"{record.Name} (process {record.Pid})"));

    private static int NumberOf(string silo) =>
        SiloNumber().Match(silo) is { Success: true } match
            ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex("[0-9]{1,6}$")]
    private static partial Regex SiloNumber();
}
