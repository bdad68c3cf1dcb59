using System.Text.Json;
using Millrace.Connectors;

namespace Millrace.Examples.Nexmark.Reading;

/// <summary>Gives each subtask its own lanes, whenever it asks.</summary>
internal sealed class LaneEnumerator : ISplitEnumerator<EventLane>
{
    private readonly Queue<EventLane>[] _ofSubtask;

    private LaneEnumerator(int subtasks, IEnumerable<(int Subtask, EventLane Lane)> lanes)
    {
        _ofSubtask = [.. Enumerable.Range(0, subtasks).Select(_ => new Queue<EventLane>())];
        foreach ((int subtask, EventLane lane) in lanes)
        {
            _ofSubtask[subtask].Enqueue(lane);
        }
    }

    /// <summary>All events, a lane for each subtask.</summary>
    public static LaneEnumerator Of(long events, int subtasks) => new(
        subtasks,
        Enumerable.Range(0, subtasks)
            .Select(lane => (lane, Lane: EventLane.Of(lane, subtasks, events)))
            .Where(one => !one.Lane.IsEmpty));

    /// <summary>What another one had left.</summary>
    public static LaneEnumerator From(byte[] snapshot, int subtasks)
    {
        EventLane[] lanes = JsonSerializer.Deserialize<EventLane[]>(snapshot) ?? [];
        return new LaneEnumerator(subtasks, lanes.Select((lane, index) => (index % subtasks, lane)));
    }

    public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<SplitAssignment<EventLane>> NextAsync(int subtask, CancellationToken cancellationToken) =>
        new(_ofSubtask[subtask].TryDequeue(out EventLane lane)
            ? SplitAssignment<EventLane>.Of(lane)
            : SplitAssignment<EventLane>.NoMore);

    public void AddBack(IReadOnlyList<EventLane> splits, int subtask)
    {
        foreach (EventLane lane in splits)
        {
            _ofSubtask[subtask].Enqueue(lane);
        }
    }

    public byte[] Snapshot() => JsonSerializer.SerializeToUtf8Bytes(_ofSubtask.SelectMany(lanes => lanes));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
