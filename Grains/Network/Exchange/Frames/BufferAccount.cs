namespace Millrace.Network.Exchange.Frames;

/// <summary>Counts blocks of bytes that are rented and not yet given back. At rest the count is zero.</summary>
internal sealed class BufferAccount
{
    private long _outstanding;

    /// <summary>Blocks rented and not given back.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    internal void Out() => Interlocked.Increment(ref _outstanding);

    internal void Back() => Interlocked.Decrement(ref _outstanding);
}
