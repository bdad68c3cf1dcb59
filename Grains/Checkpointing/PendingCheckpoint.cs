using System.Collections.Immutable;
using Millrace.Checkpointing.Statistics;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>A checkpoint whose parts are still coming.</summary>
internal sealed class PendingCheckpoint
{
    private readonly HashSet<ExecutionAttemptId> _missing;
    private readonly Dictionary<ExecutionAttemptId, SubtaskState> _states = [];
    private readonly Dictionary<(OperatorId Source, int Subtask), long> _received = [];
    private readonly Dictionary<OperatorId, (long Keyed, long Other)> _sizes = [];
    private readonly Dictionary<(OperatorId Operator, int Input, string Edge), InFlightSize> _inFlight = [];
    private ImmutableArray<SourceSnapshot> _sources;

    /// <param name="number">Its number.</param>
    /// <param name="attempts">Every subtask of the job.</param>
    /// <param name="beganAt">When it began.</param>
    public PendingCheckpoint(long number, IEnumerable<ExecutionAttemptId> attempts, DateTimeOffset beganAt)
    {
        Number = number;
        BeganAt = beganAt;
        _missing = [.. attempts];
    }

    public long Number { get; }

    public DateTimeOffset BeganAt { get; }

    /// <summary>State of all subtasks that have told theirs.</summary>
    public long Bytes => _states.Values.Sum(static state => state.State?.Length ?? 0);

    /// <summary>The subtasks that have not told their parts.</summary>
    public IReadOnlyCollection<ExecutionAttemptId> Missing => _missing;

    /// <summary>What they have told, for people.</summary>
    public ToldParts Parts { get; } = new();

    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => !_sources.IsDefault && _missing.Count == 0;

    /// <summary>How many splits each reader that is still at work had got.</summary>
    public IReadOnlyDictionary<(OperatorId Source, int Subtask), long> Received => _received;

    /// <summary>The job's side of the sources.</summary>
    public void Take(ImmutableArray<SourceSnapshot> sources) => _sources = sources;

    /// <summary>A subtask's part.</summary>
    public void Take(ExecutionAttemptId attempt, SubtaskCheckpoint part)
    {
        if (!_missing.Remove(attempt))
        {
            return;
        }

        _states.Add(attempt, new SubtaskState(part.State, part.Former));
        foreach (OperatorStateSize size in part.Operators ?? [])
        {
            (long keyed, long other) = SizeOf(size.Operator);
            _sizes[size.Operator] = (keyed + size.KeyedBytes, other + size.OtherBytes);
        }

        foreach (InFlightSize size in part.InFlight ?? [])
        {
            (OperatorId, int, string) way = (size.Operator, size.Input, size.Edge);
            _inFlight[way] = _inFlight.TryGetValue(way, out InFlightSize? others)
                ? size with { Records = size.Records + others.Records, Bytes = size.Bytes + others.Bytes }
                : size;
        }

        if (part.Received is { } received)
        {
            _received[(received.Source, attempt.Subtask)] = received.Count;
        }
    }

    /// <summary>A subtask has finished before its cut, or had before: what it left is its part.</summary>
    public void Take(ExecutionAttemptId attempt, TaskResult finished)
    {
        if (_missing.Remove(attempt))
        {
            _states.Add(attempt, new SubtaskState(State: null, finished));
        }
    }

    /// <summary>The part of a subtask.</summary>
    public SubtaskState StateOf(ExecutionAttemptId attempt) => _states[attempt];

    /// <summary>How much an operator keeps by key and otherwise, over all subtasks that have told theirs.</summary>
    public (long Keyed, long Other) SizeOf(OperatorId id) => _sizes.GetValueOrDefault(id);

    /// <summary>Records that were in flight, by edge, over all subtasks that have told theirs.</summary>
    public IReadOnlyList<InFlightSize> InFlight => [.. _inFlight.Values];

    /// <summary>What the job's side of the sources goes on from: with those splits that were on their way to readers at
    /// the cut. A reader that has finished had got all of its own.</summary>
    public ImmutableArray<SourceState> Sources() =>
    [
        .. _sources.Select(source => WithShape(source, new SourceState(
            source.Source,
            source.Enumerator,
            [
                .. source.Returned,
                .. source.Given
                    .Where(given => _received.TryGetValue((source.Source, given.Subtask), out long received)
                        && given.Number >= received)
                    .Select(given => given.Split),
            ]))),
    ];

    private static SourceState WithShape(SourceSnapshot source, SourceState state) =>
        state.Returned.IsEmpty ? state : state with { Shape = source.Shape };
}
