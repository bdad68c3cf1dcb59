namespace Millrace.Operators.Batch;

/// <summary>One way of running an operator as in batch mode.</summary>
/// <param name="BatchSize">Most records of a batch that comes in; each has as many as chance wants.</param>
/// <param name="OutputSize">Records of a batch that goes out.</param>
/// <param name="Room">Whether the output has room, by the number of times it was asked before.</param>
/// <param name="SortBytes">Bytes of a sorting input that stay in memory.</param>
/// <param name="Reading">How far the clock of its rounds moves when it is read.</param>
internal sealed record BatchWay(
    int BatchSize, int OutputSize, Func<int, bool> Room, int SortBytes, TimeSpan Reading)
{
    /// <summary>What chance begins with.</summary>
    public int Seed { get; init; }

    /// <summary>Calls after which it is canceled; null for never.</summary>
    public int? CanceledAfter { get; init; }

    public override string ToString() =>
        $"batch mode, batches of up to {BatchSize}, output batches of {OutputSize}, {SortBytes} bytes to sort in, " +
        $"a clock that moves by {Reading.TotalMilliseconds} ms, seed {Seed}" +
        (CanceledAfter is { } calls ? $", canceled after {calls} calls" : "");
}
