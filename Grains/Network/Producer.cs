namespace Millrace.Network;

/// <summary>The producing subtask as its channels see it. Used from any thread.</summary>
/// <param name="wake">Makes the producer's loop run a round.</param>
internal sealed class Producer(Action wake)
{
    private Exception? _failure;

    /// <summary>Why one of the channels can no longer be written, or null.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Makes the loop ask again whether it may go on.</summary>
    public void Wake() => wake();

    /// <summary>Reports a broken channel; the first one counts.</summary>
    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            wake();
        }
    }
}
