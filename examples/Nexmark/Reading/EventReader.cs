using Millrace.Connectors;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Reading;

/// <summary>Makes the events of lanes.</summary>
/// <remarks>With several lanes it goes on with the one that is furthest behind, block by block, so that event time
/// advances in all of them together.</remarks>
/// <param name="generator">Makes the events.</param>
/// <param name="pace">Holds events back, or null to make them as fast as they are taken.</param>
/// <param name="context">Has the reader called again when events were held back.</param>
internal sealed class EventReader<TRandom>(EventGenerator<TRandom> generator, Pace? pace, SourceReaderContext context)
    : ISourceReader<Event, EventLane>
    where TRandom : struct, IEventRandom<TRandom>
{
    private static readonly TimeSpan PaceCheck = TimeSpan.FromMilliseconds(5);

    // With the number of its split: each lane has an event time of its own.
    private readonly List<(int Split, EventLane Lane)> _lanes = [];
    private int _splits;
    private bool _noMoreSplits;
    private long _batchFirst;
    private int _batchCount;

    public bool TellsSplits => true;

    public void AddSplit(EventLane split) => _lanes.Add((_splits++, split));

    public void NoMoreSplits() => _noMoreSplits = true;

    public ReadStatus Read(ref SourceBatch<Event> batch)
    {
        _batchCount = 0;
        if (_lanes.Count == 0)
        {
            return StatusWithoutLane();
        }

        int furthestBehind = FurthestBehind();
        (int split, EventLane lane) = _lanes[furthestBehind];
        batch.Split = split;
        int count = (int)Math.Min(batch.Free, lane.Run);
        if (pace is not null && count > 0)
        {
            count = pace.Due(count);
            if (count == 0)
            {
                context.WakeAfter(PaceCheck);
                return ReadStatus.NothingNow;
            }
        }

        Span<Event> events = batch.FreeValues[..count];
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = generator.At(lane.Next + i);
        }

        TellTimes(events, batch.FreeTimestamps);
        batch.Advance(count);
        _batchFirst = lane.Next;
        _batchCount = count;
        lane = lane.After(count);
        if (!lane.IsEmpty)
        {
            _lanes[furthestBehind] = (split, lane);
            return ReadStatus.More;
        }

        batch.IsSplitEnd = true;
        _lanes.RemoveAt(furthestBehind);
        return _lanes.Count > 0 ? ReadStatus.More : StatusWithoutLane();
    }

    public IReadOnlyList<EventLane> Snapshot() => [.. _lanes.Select(one => one.Lane)];

    public string? DescribePosition(int index) => (uint)index < (uint)_batchCount
        ? $"event {generator.Numbering.NumberAt(_batchFirst + index)}"
        : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void TellTimes(ReadOnlySpan<Event> events, Span<long> timestamps)
    {
        for (int i = 0; i < Math.Min(events.Length, timestamps.Length); i++)
        {
            timestamps[i] = events[i].Time;
        }
    }

    private ReadStatus StatusWithoutLane() => _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;

    private int FurthestBehind()
    {
        int behind = 0;
        for (int i = 1; i < _lanes.Count; i++)
        {
            behind = _lanes[i].Lane.Next < _lanes[behind].Lane.Next ? i : behind;
        }

        return behind;
    }
}
