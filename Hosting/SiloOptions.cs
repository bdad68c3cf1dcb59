using System.Globalization;
using Microsoft.Extensions.Configuration;
using Millrace.Clustering;
using Millrace.Clustering.Endpoints;
using Millrace.UserCode;

namespace Millrace;

/// <summary>One silo: its name, its cluster, where it listens, and the settings of its rooms.</summary>
public sealed class SiloOptions
{
    /// <summary>Unique among the silos of the cluster that are alive; <c>Millrace:Silo:Name</c>. Default
    /// <c>silo-</c> and the process id.</summary>
    public string Name { get; set; } = string.Create(CultureInfo.InvariantCulture, $"silo-{Environment.ProcessId}");

    /// <summary>The cluster; section <c>Millrace:Clustering</c>.</summary>
    public ClusteringOptions Clustering { get; set; } = new();

    /// <summary>Where it listens for silos and clients; section <c>Millrace:Silo</c>.</summary>
    public SiloEndpointOptions Endpoints { get; set; } = new();

    /// <summary>Where it keeps and unpacks job packages; section <c>Millrace:Packages</c>.</summary>
    public PackageStoreOptions Packages { get; set; } = new();

    /// <summary>The settings of all rooms, each in its section.</summary>
    public IConfiguration Configuration { get; set; } = new ConfigurationBuilder().Build();

    /// <summary>Programs that need no package, because they are part of this process.</summary>
    internal InProcessPrograms Programs { get; set; } = new();

    /// <summary>Reads what is configured; the rest keeps its default.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work; the text says
    /// what it must be.</exception>
    public static SiloOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new SiloOptions
        {
            Configuration = configuration,
            Clustering = ClusteringOptions.From(configuration),
            Endpoints = SiloEndpointOptions.From(configuration),
            Packages = PackageStoreOptions.From(configuration),
        };
        options.Name = configuration["Millrace:Silo:Name"] ?? options.Name;
        return options;
    }
}
