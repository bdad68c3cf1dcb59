using System.ComponentModel.DataAnnotations;

namespace Millrace.UserCode;

/// <summary>What job packages may be and take. Section <c>Millrace:UserCode</c>.</summary>
public sealed class UserCodeOptions
{
    /// <summary>Largest package as it is sent and stored (compressed), in bytes. Default 512 MB; 1 KB to 4
    /// GB.</summary>
    [Range(1L << 10, 1L << 32)]
    public long MaxPackageBytes { get; set; } = 512L << 20;

    /// <summary>Largest package once unpacked, in bytes. Default 2 GB; 1 KB to 16 GB.</summary>
    [Range(1L << 10, 1L << 34)]
    public long MaxUnpackedBytes { get; set; } = 2L << 30;

    /// <summary>Most files of a package. Default 10,000; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Most that a package store keeps, in bytes; a package beyond it is refused. Default 20 GB; from 1
    /// KB.</summary>
    [Range(1L << 10, long.MaxValue)]
    public long MaxStoreBytes { get; set; } = 20L << 30;

    /// <summary>Age from which an unfinished upload or extraction counts as left over and is deleted. Default 1 day;
    /// 1 minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan LeftoverAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Longest time that a program's <c>Define</c> may take on a silo, each time it runs; the job fails then.
    /// A silo has 2 minutes for all subtasks that it is to build. Default 1 minute; 1 s to 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan DefineTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Where unfinished uploads are kept: a directory of this machine. Default <c>millrace/uploads</c> in the
    /// user's local application data.</summary>
    [Required]
    public string Uploads { get; set; } = PrivateDirectory.Named("uploads");
}
