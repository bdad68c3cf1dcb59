namespace Millrace.Operators;

/// <summary>Remembers in which operator of a chain an exception came up. Belongs to one loop.</summary>
internal sealed class ChainFailure
{
    private Exception? _exception;

    /// <summary>The operator that threw, or null.</summary>
    public StreamOperator? Operator { get; private set; }

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
