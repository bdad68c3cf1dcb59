using System.ComponentModel.DataAnnotations;

namespace Millrace.Slots;

/// <summary>A silo's slots. Section <c>Millrace:Slots</c>.</summary>
public sealed class SlotOptions
{
    /// <summary>Slots of this silo. Default 1; 0 (a silo that runs no subtasks) to 10,000.</summary>
    [Range(0, 10_000)]
    public int Count { get; set; } = 1;

    /// <summary>From one report of a silo's slots to the next; a change causes one at once. Default 5 s; 100 ms to
    /// 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(5);
}
