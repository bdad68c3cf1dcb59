using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace Millrace.InProcess;

/// <summary>A cluster inside the process.</summary>
public sealed class MiniClusterOptions
{
    /// <summary>Number of silos. Default 1; 1 to 32. More than one is for tests: they share the cores.</summary>
    [Range(1, 32)]
    public int Silos { get; set; } = 1;

    /// <summary>Task slots of each silo. Default: number of cores.</summary>
    [Range(1, 10_000)]
    public int SlotsPerSilo { get; set; } = Environment.ProcessorCount;

    /// <summary>For packages and job records; deleted at the end. Default: a fresh directory for temporary
    /// files.</summary>
    public string? Directory { get; set; }

    /// <summary>Settings handed to every silo, such as <c>Millrace:Tasks:CancellationTimeout</c>.</summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    /// <summary>Where the silos log. Default: warnings of Millrace and errors of Orleans, to the console's error
    /// output.</summary>
    public ILoggerFactory? Loggers { get; set; }
}
