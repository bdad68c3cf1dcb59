using System.Collections.Immutable;

namespace Millrace.Checkpointing.Statistics;

/// <summary>The last checkpoints of a job that have come to an end.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class CheckpointLog(int most)
{
    private readonly Queue<CheckpointStatistics> _ended = new();

    /// <summary>Grows with every entry.</summary>
    public long Changes { get; private set; }

    /// <summary>Adds one, and forgets the oldest when there are too many.</summary>
    public void Add(CheckpointStatistics ended)
    {
        while (_ended.Count >= most)
        {
            _ended.Dequeue();
        }

        _ended.Enqueue(ended);
        Changes++;
    }

    /// <summary>One of them, with each subtask's part.</summary>
    public CheckpointStatistics? Find(long number) => _ended.LastOrDefault(one => one.Number == number);

    /// <summary>All of them without their subtasks, the latest first.</summary>
    /// <param name="inProgress">One that is under way, or null.</param>
    public ImmutableArray<CheckpointStatistics> Show(CheckpointStatistics? inProgress) =>
    [
        .. _ended.Append(inProgress).OfType<CheckpointStatistics>().Reverse().Select(static one => one with
        {
            Vertices = [.. one.Vertices.Select(static vertex => vertex with { Subtasks = [] })],
        }),
    ];
}
