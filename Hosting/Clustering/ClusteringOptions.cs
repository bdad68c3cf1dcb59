using Microsoft.Extensions.Configuration;
using Millrace.Execution.Settings;

namespace Millrace.Clustering;

/// <summary>Which cluster a silo or client belongs to and how it finds it. Section
/// <c>Millrace:Clustering</c>.</summary>
public sealed class ClusteringOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Clustering";

    private static readonly string[] ProviderNames = Enum.GetNames<ClusteringProvider>();

    /// <summary>Where the list of silos is kept. Default <see cref="ClusteringProvider.File"/>.</summary>
    public ClusteringProvider Provider { get; set; } = ClusteringProvider.File;

    /// <summary>Silos with the same id (and the same provider settings) form one cluster. Default
    /// <c>default</c>.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Which application runs on the cluster. Default <c>millrace</c>; outlives the cluster id.</summary>
    public string ServiceId { get; set; } = "millrace";

    /// <summary>Provider <see cref="ClusteringProvider.File"/>: the directory of this cluster's membership, on a local
    /// disk of this machine. Made when missing; one directory holds one cluster.</summary>
    public string? Directory { get; set; }

    /// <summary>Provider <see cref="ClusteringProvider.File"/>: longest wait for another process that writes the table.
    /// Default 10 s; 100 ms to 5 min.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Providers AzureStorage, Redis, AdoNet: how to reach the store.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Provider <see cref="ClusteringProvider.AdoNet"/>: invariant name of the database driver, for example
    /// <c>Npgsql</c>. The tables are made beforehand with the scripts of Microsoft.Orleans.Clustering.AdoNet.</summary>
    public string? Invariant { get; set; }

    /// <summary>Provider <see cref="ClusteringProvider.InProcess"/>: the object that silos and clients share. Set in
    /// code only.</summary>
    public InProcessMembership? InProcess { get; set; }

    /// <summary>How fast a lost silo is noticed and how patient calls are; the same for every provider.</summary>
    public MembershipOptions Membership { get; } = new();

    /// <summary>Reads the section <see cref="Section"/>; what it does not name keeps its default.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The provider is not one of
    /// <see cref="ClusteringProvider"/>.</exception>
    public static ClusteringOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        string? provider = section[nameof(Provider)];
        if (provider is not null && !ProviderNames.Contains(provider, StringComparer.OrdinalIgnoreCase))
        {
            ClusteringValidation.Refuse(
                $"{Section}:{nameof(Provider)} is '{provider}'; {ClusteringValidation.Supported}.");
        }

        SettingSections.Require<ClusteringOptions>(section);
        var options = new ClusteringOptions();
        section.Bind(options);
        return options;
    }

    /// <summary>Names the cluster and where it is looked for; shows no secret.</summary>
    public override string ToString() => Provider switch
    {
        ClusteringProvider.File => $"cluster '{ClusterId}' (provider File, directory '{Directory}')",
        ClusteringProvider.AdoNet => $"cluster '{ClusterId}' (provider AdoNet, invariant '{Invariant}')",
        _ => $"cluster '{ClusterId}' (provider {Provider})",
    };
}
