namespace Millrace.Network.InFlight;

/// <summary>How far a block has been read.</summary>
/// <param name="Position">Where the next record begins in it.</param>
/// <param name="Done">Records read.</param>
/// <param name="TimestampsStart">Where timestamps begin; the end of the block without any.</param>
internal readonly record struct BlockPlace(int Position, int Done, int TimestampsStart);
