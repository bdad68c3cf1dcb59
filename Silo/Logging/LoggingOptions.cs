namespace Millrace.Logging;

/// <summary>Where a silo's process logs. Section <c>Millrace:Logging</c>.</summary>
internal sealed class LoggingOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Logging";

    /// <summary>The file to log to. Default: none.</summary>
    public string? File { get; set; }

    /// <summary>Size at which the file is put aside as <c>File.1</c>, replacing the one before. Default 16
    /// MiB.</summary>
    public long MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Whether to log to the console. Default true.</summary>
    public bool Console { get; set; } = true;

    /// <summary>Least severe messages to log. Default <see cref="LogLevel.Information"/>.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;
}
