using Millrace.Connectors;

namespace Millrace.Jobs.Coordination;

/// <summary>One attempt of one reader of a source.</summary>
internal readonly record struct ReaderAttempt(int Subtask, int Attempt);

/// <summary>What one subtask of a source has been given, over all its attempts.</summary>
internal sealed class GivenSplits
{
    private readonly List<SplitAnswer> _answers = [];
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

    /// <summary>Whether a question was answered before, and how; null when it is too old to be of interest.</summary>
    public (bool Repeated, SplitAnswer? Answer) Again(long number) =>
        (_told > 0 && number <= _lastNumber, number == _lastNumber && _told > 0 ? _answers[_told - 1] : null);

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
}
