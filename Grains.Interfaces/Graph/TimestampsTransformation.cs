using Millrace.EventTime;
using Millrace.Failures;

namespace Millrace.Graph;

/// <summary>Gives records their timestamps, and says how far time has come.</summary>
internal sealed class TimestampsTransformation<T>(Transformation<T> input, WatermarkStrategy<T> strategy)
    : Transformation<T>("Timestamps/Watermarks", input)
{
    public Transformation<T> Input { get; } = input;

    public WatermarkStrategy<T> Strategy { get; } = strategy;

    internal override string Kind => "Timestamps";

    internal override WatermarkAlignment? Alignment => Strategy.Alignment;

    internal override bool GivesTimestamps(bool inputs) => true;

    internal override void RequireInputs(StreamNode node)
    {
        if (Strategy is { DelayMilliseconds: not null, Assigner: null } && !node.InputHasTimestamps)
        {
            string from = string.Join(", ", node.Inputs.Select(edge => $"'{edge.From.Transformation.Name}'"));
            throw new InvalidProgramGraphException(
                $"'{Name}' lets time follow the timestamps of records, and those from {from} have none: say where " +
                "they come from with .WithTimestampAssigner(...).");
        }
    }

    internal override void Accept(IOperatorFactory factory) => factory.AssignTimestamps(this);
}
