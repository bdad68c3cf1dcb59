namespace Millrace.Operators;

/// <summary>Knows which operator of a chain is at work, and remembers in which one an exception came up. Belongs to one
/// loop.</summary>
internal sealed class ChainFailure
{
    private Exception? _exception;
    private StreamOperator? _atWork;

    /// <summary>The operator at work, or null; of any moment when another thread asks.</summary>
    public StreamOperator? AtWork => Volatile.Read(ref _atWork);

    /// <summary>The operator that threw, or null.</summary>
    public StreamOperator? Operator { get; private set; }

    /// <summary>An operator goes to work, once for each batch.</summary>
    /// <returns>The one that was at work and called it, to be given to <see cref="Leave"/>.</returns>
    public StreamOperator? Enter(StreamOperator next)
    {
        StreamOperator? caller = _atWork;
        _atWork = next;
        return caller;
    }

    /// <summary>The operator has done its work; after a failure nobody asks any more.</summary>
    public void Leave(StreamOperator? caller) => _atWork = caller;

    /// <summary>
    /// An exception filter: filters run from the inside out, so the first to note an exception is right. Never catches.
    /// </summary>
    public bool Note(Exception exception, StreamOperator at)
    {
        if (!ReferenceEquals(_exception, exception))
        {
            _exception = exception;
            Operator = at;
        }

        return false;
    }

    /// <summary>The operator an exception came from, or null when it came from none.</summary>
    public StreamOperator? OperatorOf(Exception exception) => ReferenceEquals(_exception, exception) ? Operator : null;
}
