namespace Millrace.Local;

/// <summary>How silo processes are started and stopped on this machine.</summary>
public sealed class LocalClusterOptions
{
    /// <summary>Longest start of all silos together. Default 30 s.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo that was asked to stop may take before it is killed. Default 20 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
