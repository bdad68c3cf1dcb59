using System.ComponentModel.DataAnnotations;

namespace Millrace.Programs;

/// <summary>How the project of a program is built when it is run from its source. Section
/// <c>Millrace:Publish</c>.</summary>
public sealed class PublishOptions
{
    /// <summary>Longest time that building may take. Default 10 min; 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Build configuration, or null for the one that this program was built with itself: <c>Release</c>, and
    /// <c>Debug</c> for who works on Millrace and shall not build it twice. Default null.</summary>
    public string? Configuration { get; set; }

    /// <summary>The dotnet program, or null to look for it. Default null.</summary>
    public string? DotnetPath { get; set; }
}
