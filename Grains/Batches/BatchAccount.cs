namespace Millrace.Batches;

/// <summary>
/// Counts batches that are rented and not yet given back, over many pools. At rest the count is zero.
/// </summary>
internal sealed class BatchAccount
{
    private long _outstanding;

    /// <summary>Batches rented and not given back.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    internal void Out() => Interlocked.Increment(ref _outstanding);

    internal void Back() => Interlocked.Decrement(ref _outstanding);
}
