using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Where a silo keeps and unpacks job packages. Section <c>Millrace:Packages</c>.</summary>
public sealed class PackageStoreOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Packages";

    /// <summary>The package store: a directory that all silos of the cluster see. Needed.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Where packages are unpacked: a directory of this machine, which its silos may share. Default
    /// <c>millrace/unpacked</c> in the user's local application data.</summary>
    public string Unpacked { get; set; } = PrivateDirectory.Named("unpacked");

    /// <summary>Reads the section <see cref="Section"/>; what it does not name keeps its default.</summary>
    /// <exception cref="OptionsValidationException">A directory is missing.</exception>
    public static PackageStoreOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new PackageStoreOptions();
        configuration.GetSection(Section).Bind(options);
        return string.IsNullOrWhiteSpace(options.Directory) || string.IsNullOrWhiteSpace(options.Unpacked)
            ? throw new OptionsValidationException(
                Section,
                typeof(PackageStoreOptions),
                [$"{Section}:{nameof(Directory)} is missing; a directory that all silos of the cluster see is needed."])
            : options;
    }
}
