namespace Millrace.Processes;

/// <summary>What a silo has to do with the process it runs in. Section <c>Millrace:Silo</c>.</summary>
internal sealed class SiloProcessOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Silo";

    /// <summary>A file that says how far the silo is, as long as it runs. Default: none.</summary>
    public string? Record { get; set; }

    /// <summary>Whether it leaves the terminal it was started from. Default false.</summary>
    public bool Detached { get; set; }

    /// <summary>How long it may take to stop. Default 15 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
