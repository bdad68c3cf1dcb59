using System.Globalization;

namespace Millrace.Local;

/// <summary>The files of one cluster on this machine.</summary>
/// <remarks>
/// <c>membership/</c> is the table of silos, <c>packages/</c> the job packages, <c>jobs/</c> the job records,
/// <c>logs/</c>
/// what the silos log, <c>silos/</c> one record for each silo process, <c>cluster.json</c> how the cluster was started.
/// </remarks>
public sealed class ClusterDirectory
{
    /// <summary>The cluster that is meant when none is named.</summary>
    public const string DefaultName = "default";

    private const int MaxNameLength = 40;

    /// <summary>Names the files; makes none of them.</summary>
    /// <param name="parent">Holds a directory for each cluster.</param>
    /// <param name="name">1 to 40 lower-case letters, digits and dashes, beginning with a letter or digit.</param>
    /// <exception cref="ArgumentException">The name is not one.</exception>
    public ClusterDirectory(string parent, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(parent);
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a cluster: 1 to {MaxNameLength} lower-case letters, digits and dashes are "
                + "needed, the first no dash.",
                nameof(name));
        }

        Name = name;
        Root = Path.Combine(Path.GetFullPath(parent), name);
    }

    /// <summary>Name of the cluster.</summary>
    public string Name { get; }

    /// <summary>The directory itself.</summary>
    public string Root { get; }

    /// <summary>The table of silos.</summary>
    public string Membership => Path.Combine(Root, "membership");

    /// <summary>The package store.</summary>
    public string Packages => Path.Combine(Root, "packages");

    /// <summary>The packages that silos of this machine have unpacked.</summary>
    public string Unpacked => Path.Combine(Root, "unpacked");

    /// <summary>The job records.</summary>
    public string Jobs => Path.Combine(Root, "jobs");

    /// <summary>The checkpoints.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>The savepoints whose requests name no directory.</summary>
    public string Savepoints => Path.Combine(Root, "savepoints");

    /// <summary>What the silos log.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>One record for each silo process.</summary>
    public string Silos => Path.Combine(Root, "silos");

    /// <summary>How the cluster was started.</summary>
    internal string SettingsFile => Path.Combine(Root, "cluster.json");

    /// <summary>Held by whoever starts or stops silos of the cluster.</summary>
    internal string LockFile => Path.Combine(Root, "cluster.lock");

    /// <summary>Whether the text names a cluster.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name[0] != '-'
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    /// <summary>The settings with which a silo or client joins this cluster.</summary>
    public IReadOnlyDictionary<string, string?> ToConfiguration() => new Dictionary<string, string?>
    {
        ["Millrace:Clustering:Provider"] = "File",
        ["Millrace:Clustering:ClusterId"] = Name,
        ["Millrace:Clustering:Directory"] = Membership,
        ["Millrace:Packages:Directory"] = Packages,
        ["Millrace:Packages:Unpacked"] = Unpacked,
        ["Millrace:Jobs:Directory"] = Jobs,
        ["Millrace:Checkpoints:Directory"] = Checkpoints,
        ["Millrace:Checkpoints:SavepointDirectory"] = Savepoints,
    };

    /// <inheritdoc/>
    public override string ToString() => Root;

    internal static string SiloName(int number) => string.Create(CultureInfo.InvariantCulture, $"silo-{number}");

    internal string RecordOf(string silo) => Path.Combine(Silos, silo + ".json");

    internal string LogOf(string silo) => Path.Combine(Logs, silo + ".log");

    /// <summary>What the process prints: nothing, unless it dies in a way that cannot be logged.</summary>
    internal string OutputOf(string silo) => Path.Combine(Logs, silo + ".out");
}
