using Millrace.DataStream;

namespace Millrace.Joins;

/// <summary>Which records of two streams join by their times, and where those go that come too late.</summary>
/// <param name="Lower">Least difference of a right record's time to a left one's, in milliseconds.</param>
/// <param name="Upper">Greatest difference, in milliseconds; not below <paramref name="Lower"/>.</param>
/// <param name="LeftLate">For left records that come behind the watermark; null drops them.</param>
/// <param name="RightLate">For right records that come behind the watermark; null drops them.</param>
internal sealed record JoinInterval<TLeft, TRight>(
    long Lower, long Upper, OutputTag<TLeft>? LeftLate = null, OutputTag<TRight>? RightLate = null);
