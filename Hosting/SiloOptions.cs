using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.Clustering;
using Millrace.Clustering.Endpoints;
using Millrace.Execution;
using Millrace.UserCode;

namespace Millrace;

/// <summary>One silo: its name, its cluster, where it listens and what it offers.</summary>
public sealed class SiloOptions
{
    /// <summary>Unique among the silos of the cluster that are alive; <c>Millrace:Silo:Name</c>. Default
    /// <c>silo-</c> and the process id.</summary>
    public string Name { get; set; } = string.Create(CultureInfo.InvariantCulture, $"silo-{Environment.ProcessId}");

    /// <summary>Task slots; <c>Millrace:Slots:Count</c>. Default: number of cores; 1 to 10,000.</summary>
    public int Slots { get; set; } = Environment.ProcessorCount;

    /// <summary>Where job packages are kept; <c>Millrace:Packages:Directory</c>. All silos of a cluster see the same
    /// files.</summary>
    public string Packages { get; set; } = "";

    /// <summary>Where job records are kept; <c>Millrace:Jobs:Directory</c>. All silos of a cluster see the same
    /// files.</summary>
    public string Jobs { get; set; } = "";

    /// <summary>The cluster.</summary>
    public ClusteringOptions Clustering { get; set; } = new();

    /// <summary>Where it listens.</summary>
    public SiloEndpointOptions Endpoints { get; set; } = new();

    /// <summary>The threads that run subtasks.</summary>
    public WorkerOptions Workers { get; set; } = new();

    /// <summary>Programs that need no package, because they are part of this process.</summary>
    internal InProcessPrograms Programs { get; set; } = new();

    /// <summary>Settings of single rooms, each in its section.</summary>
    public IConfiguration Configuration { get; set; } = new ConfigurationBuilder().Build();

    /// <summary>Reads what is configured; the rest keeps its default.</summary>
    /// <exception cref="OptionsValidationException">A setting cannot work; the text says what it must be.</exception>
    public static SiloOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new SiloOptions { Configuration = configuration };
        List<string> failures = [];
        options.Name = configuration["Millrace:Silo:Name"] ?? options.Name;
        options.Slots = Count(configuration, "Millrace:Slots:Count", options.Slots, failures);
        options.Packages = Needed(configuration, "Millrace:Packages:Directory", failures);
        options.Jobs = Needed(configuration, "Millrace:Jobs:Directory", failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException("Millrace", typeof(SiloOptions), failures);
        }

        options.Clustering = ClusteringOptions.From(configuration);
        options.Endpoints = SiloEndpointOptions.From(configuration);
        configuration.GetSection("Millrace:Workers").Bind(options.Workers);
        return options;
    }

    private static int Count(IConfiguration configuration, string key, int defaultValue, List<string> failures)
    {
        string? text = configuration[key];
        if (text is null)
        {
            return defaultValue;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is >= 1 and <= 10_000)
        {
            return count;
        }

        failures.Add($"{key} is '{text}'; a whole number from 1 to 10000 is needed.");
        return defaultValue;
    }

    private static string Needed(IConfiguration configuration, string key, List<string> failures)
    {
        string? text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            failures.Add($"{key} is missing; a directory that all silos of the cluster see is needed.");
        }

        return text ?? "";
    }
}
