namespace Millrace.Connectors;

/// <summary>Splits of a reader that reads one after the other, and which of them it is at. Belongs to one
/// loop.</summary>
internal sealed class SplitsInTurn<TSplit>
{
    private readonly Queue<TSplit> _waiting = new();
    private bool _noMore;

    /// <summary>The split that was begun last, counted from 0 in the order in which they came; -1 before.</summary>
    public int Number { get; private set; } = -1;

    /// <summary>Those that were not begun, in order.</summary>
    public IReadOnlyCollection<TSplit> Waiting => _waiting;

    /// <summary>What a reader says that is within no split.</summary>
    public ReadStatus Status
    {
        get
        {
            if (_waiting.Count > 0)
            {
                return ReadStatus.More;
            }

            return _noMore ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
        }
    }

    /// <summary>One to be read after those before.</summary>
    public void Add(TSplit split) => _waiting.Enqueue(split);

    /// <summary>None follows.</summary>
    public void NoMore() => _noMore = true;

    /// <summary>Begins the next one, if there is one.</summary>
    public bool TryBegin(out TSplit split)
    {
        if (!_waiting.TryDequeue(out split!))
        {
            return false;
        }

        Number++;
        return true;
    }
}
