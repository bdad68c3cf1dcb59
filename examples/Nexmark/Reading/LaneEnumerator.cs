using Millrace.Connectors;

namespace Millrace.Examples.Nexmark.Reading;

/// <summary>Gives each subtask its own lane, whenever it asks.</summary>
internal sealed class LaneEnumerator(long events, int lanes) : ISplitEnumerator<EventLane>
{
    private readonly Queue<EventLane>[] _ofSubtask = new Queue<EventLane>[lanes];

    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            var whole = EventLane.Of(lane, lanes, events);
            _ofSubtask[lane] = new Queue<EventLane>(whole.IsEmpty ? [] : [whole]);
        }

        return ValueTask.CompletedTask;
    }

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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
