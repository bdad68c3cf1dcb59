using Millrace.EventTime;

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

    internal override void Accept(IOperatorFactory factory) => factory.AssignTimestamps(this);
}
