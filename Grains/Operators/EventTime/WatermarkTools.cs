namespace Millrace.Operators.EventTime;

/// <summary>What watermarks are made with, beside their strategy.</summary>
/// <param name="Loop">The loop they are made on.</param>
/// <param name="Clock">The clock of its rounds.</param>
/// <param name="Interval">From one periodic watermark to the next; zero for one behind each batch.</param>
/// <param name="OnlyFinal">Whether time stands until the end of the input.</param>
internal sealed record WatermarkTools(ISubtaskLoop Loop, RoundClock Clock, TimeSpan Interval, bool OnlyFinal);
