using System.Globalization;
using Millrace.Contests;
using Millrace.DataStream;
using Millrace.Latency;
using Millrace.Running;

namespace Millrace.Pairs.Exchanges;

/// <summary>A source in the first process, one edge, a sink in the second. Both processes define it.</summary>
internal abstract class RemoteProgram
{
    /// <summary>The program of a name.</summary>
    /// <param name="name">What the contests call it.</param>
    /// <param name="size">How much of it.</param>
    public static RemoteProgram Create(string name, int size) => name switch
    {
        "structs" => new SumProgram<WideEvent, WideEvent.ValueOf>(WideEvent.Input, size),
        "strings" => new SumProgram<Post, Post.ValueOf>(Post.Input, size),
        "paced" => new PacedProgram(size),
        _ => throw new ArgumentException($"No program is called '{name}'."),
    };

    /// <summary>Defines it.</summary>
    public abstract void Define(StreamExecutionEnvironment env);

    /// <summary>What the sink of this process came to, once the program has ended.</summary>
    public abstract string Outcome();

    private sealed class SumProgram<T, TNumber>(T[] input, int times) : RemoteProgram
        where TNumber : struct, INumberOf<T>
    {
        private readonly Total _total = new();

        public override void Define(StreamExecutionEnvironment env) => env
            .FromSource(new ArraySource<T>(input, times))
            .Rebalance()
            .SinkTo(new SumSink<T, TNumber>(_total));

        public override string Outcome() => _total.Value.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class PacedProgram(int records) : RemoteProgram
    {
        private readonly Latencies _latencies = new(records);

        public override void Define(StreamExecutionEnvironment env) => env
            .FromSource(new PacedSource(LatencyContests.RecordsPerSecond, records))
            .KeyBy(record => record.Key)
            .SinkTo(new LatencySink(_latencies));

        public override string Outcome() => _latencies.ToText();
    }
}
