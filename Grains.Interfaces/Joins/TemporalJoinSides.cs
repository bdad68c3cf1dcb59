using Millrace.DataStream;

namespace Millrace.Joins;

/// <summary>Where records go that do not join; null drops them.</summary>
/// <param name="Unmatched">Those without a valid version.</param>
/// <param name="Late">Those that come behind the watermark.</param>
internal sealed record TemporalJoinSides<TLeft>(OutputTag<TLeft>? Unmatched = null, OutputTag<TLeft>? Late = null);
