using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.Execution.Settings;
using Millrace.Storage;
using Millrace.Storage.Blobs;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Where a silo keeps and unpacks job packages. Section <c>Millrace:Packages</c>.</summary>
public sealed class PackageStoreOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Packages";

    /// <summary>The package store: a place that all silos of the cluster see. A path, <c>file:///path</c>,
    /// <c>azblob://container/path</c> or <c>https://account.blob.core.windows.net/container/path</c>. Needed.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Where packages are unpacked: a directory of this machine, which its silos may share. Default
    /// <c>millrace/unpacked</c> in the user's local application data.</summary>
    public string Unpacked { get; set; } = PrivateDirectory.Named("unpacked");

    /// <summary>Reads the section <see cref="Section"/>; what it does not name keeps its default.</summary>
    /// <exception cref="OptionsValidationException">A place is missing or cannot be one.</exception>
    public static PackageStoreOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        SettingSections.Require<PackageStoreOptions>(section);
        var options = new PackageStoreOptions();
        section.Bind(options);
        var azure = new AzureStorageOptions();
        configuration.GetSection(AzureStorageOptions.Section).Bind(azure);
        List<string> failures = [];
        StorageLocation.Check($"{Section}:{nameof(Directory)}", options.Directory, azure, failures);
        if (string.IsNullOrWhiteSpace(options.Unpacked))
        {
            failures.Add($"{Section}:{nameof(Unpacked)} is missing; a directory of this machine is needed.");
        }

        return failures.Count == 0
            ? options
            : throw new OptionsValidationException(Section, typeof(PackageStoreOptions), failures);
    }
}
