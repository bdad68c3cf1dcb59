using Millrace.Connectors;

namespace Millrace.Jobs.Coordination;

/// <summary>One attempt of one reader of a source.</summary>
internal readonly record struct ReaderAttempt(int Subtask, int Attempt);

/// <summary>A reader's question for a split.</summary>
/// <param name="Number">How many splits it has got before.</param>
/// <param name="Checkpoint">Number of the last checkpoint whose cut it has passed.</param>
internal readonly record struct SplitQuestion(long Number, long Checkpoint = 0);

/// <summary>What one subtask of a source has been given, over all its attempts, but for what is settled.</summary>
internal sealed class GivenSplits
{
    private readonly List<SplitAnswer> _answers = [];
    private long _settled;
    private long _received;
    private int _attempt = -1;
    private int _told;
    private long _lastNumber = -1;

    /// <summary>Whether an attempt is the newest that was seen. A new one begins from the first split.</summary>
    public bool IsCurrent(int attempt)
    {
        if (attempt > _attempt)
        {
            _attempt = attempt;
            _told = 0;
            _lastNumber = -1;
        }

        return attempt == _attempt;
    }

    /// <summary>An attempt goes on from the latest completed checkpoint: what that holds as received it has, and is
    /// given the rest again. It counts its splits anew.</summary>
    public void Reset(int attempt)
    {
        _answers.RemoveRange(0, (int)(_received - _settled));
        _settled = 0;
        _received = 0;
        _told = 0;
        _lastNumber = -1;
        _attempt = attempt;
    }

    /// <summary>Whether a question was answered before, and how; null when it is too old to be of interest.</summary>
    public (bool Repeated, SplitAnswer? Answer) Again(long number) =>
        (_lastNumber >= 0 && number <= _lastNumber,
            number == _lastNumber && _told > 0 ? _answers[_told - 1] : null);

    /// <summary>The next split that an attempt before was given, or null.</summary>
    public SplitAnswer? Replay(long number)
    {
        if (_told == _answers.Count)
        {
            return null;
        }

        _lastNumber = number;
        return _answers[_told++];
    }

    /// <summary>Notes a split that is given now.</summary>
    public SplitAnswer Add(long number, SplitAnswer answer)
    {
        _answers.Add(answer);
        _told = _answers.Count;
        _lastNumber = number;
        return answer;
    }

    /// <summary>What was given and is not settled, with how many splits had been given before each.</summary>
    public IEnumerable<(long Number, byte[] Split)> Unsettled() =>
        _answers.Select((answer, index) => (_settled + index, answer.Split!));

    /// <summary>A completed checkpoint holds the first splits as received: they are not needed any more. The last one
    /// is kept, should its question be repeated.</summary>
    /// <param name="received">How many since the attempt began; more than there are for all.</param>
    public void Settle(long received)
    {
        _received = Math.Max(_received, Math.Min(received, _settled + _answers.Count));
        int count = (int)Math.Min(_received - _settled, _answers.Count - 1);
        if (count > 0)
        {
            _answers.RemoveRange(0, count);
            _told -= count;
            _settled += count;
        }
    }
}
