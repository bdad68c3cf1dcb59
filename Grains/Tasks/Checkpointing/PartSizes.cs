using Millrace.Checkpointing;
using Millrace.Jobs;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>How much of what a subtask's part of a checkpoint consists of, once it is written.</summary>
internal static class PartSizes
{
    /// <summary>What each operator keeps that keeps anything.</summary>
    public static OperatorStateSize[] OfOperators(SubtaskTable table) =>
    [
        .. table.Operators
            .Select(static one => new OperatorStateSize(
                OperatorId.Parse(one.Id),
                one.Keyed.Length,
                one.Unkeyed.Bytes.Length + one.Items.Values.Sum(static value => (long)value.Length)))
            .Where(static size => size.KeyedBytes + size.OtherBytes > 0),
    ];

    /// <summary>Records in flight, one for each edge however many channels it has.</summary>
    public static InFlightSize[] InFlight(InFlightState incoming, InFlightState outgoing) =>
    [
        .. incoming.Sizes.Concat(outgoing.Sizes)
            .GroupBy(static size => (size.Operator, size.Input, size.Edge))
            .Select(static ways => new InFlightSize(
                ways.Key.Operator,
                ways.Key.Input,
                ways.Key.Edge,
                ways.Sum(static way => way.Records),
                ways.Sum(static way => way.Bytes)))
            .Where(static size => size.Records > 0),
    ];
}
