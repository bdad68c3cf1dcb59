using System.Text.Json.Serialization;

namespace Millrace.Measuring;

/// <summary>What a contest came to. Rates are units for each second of processor time, if the
/// unit does not say otherwise.</summary>
internal sealed record Verdict(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("millrace")] double Millrace,
    [property: JsonPropertyName("reference")] double Reference,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("spread")] double Spread,
    [property: JsonPropertyName("cpuSeconds")] double CpuSeconds,
    [property: JsonPropertyName("bar")] double? Bar,
    [property: JsonPropertyName("valid")] bool Valid,
    [property: JsonPropertyName("holds")] bool? Holds)
{
    /// <summary>Least rate of Millrace that holds, where the bar is no ratio.</summary>
    [JsonPropertyName("barRate")]
    public double? BarRate { get; init; }
}
