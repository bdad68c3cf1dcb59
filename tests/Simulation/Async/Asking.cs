using Millrace.Functions;
using Millrace.Functions.Async;

namespace Millrace.Async;

/// <summary>A service that answers after a while of the simulated clock, in an order drawn from a seed, and fails now
/// and then.</summary>
/// <param name="seed">Decides how long answers take, and which calls fail.</param>
/// <param name="failures">Of a hundred calls, so many fail.</param>
internal sealed class Asking(int seed, int failures = 0) : AsyncFunction<long, string>
{
    private readonly Random _random = new(seed);
    private TimeProvider _time = TimeProvider.System;
    private int _underWay;

    /// <summary>Most calls that were under way at a time, of all subtasks; the simulation has one thread.</summary>
    public static int MostUnderWay { get; set; }

    public override void Open(RuntimeContext context) => _time = context.Time;

    public override async ValueTask InvokeAsync(
        long value, ICollector<string> output, CancellationToken cancellationToken)
    {
        MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
        try
        {
            if (_random.Next(4) > 0)
            {
                await Task.Delay(
                    TimeSpan.FromMicroseconds(_random.Next(20_000)), timeProvider: _time, cancellationToken);
            }

            if (_random.Next(100) < failures)
            {
                throw new InvalidDataException($"no answer for {value}");
            }

            output.Emit($"answer {value}");
        }
        finally
        {
            _underWay--;
        }
    }
}
