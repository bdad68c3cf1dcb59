using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Collect;
using Millrace.Connectors.Console;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;

namespace Millrace.Connectors;

/// <summary>Short ways to the connectors that need no further words.</summary>
public static class BuiltInConnectors
{
    /// <summary>A stream of the numbers from one to another, both included, read in parallel.</summary>
    /// <param name="environment">The environment of the stream.</param>
    /// <param name="from">The first number.</param>
    /// <param name="to">The last number; less than <paramref name="from"/> for no number at all.</param>
    public static DataStream<long> FromSequence(this StreamExecutionEnvironment environment, long from, long to)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment.FromSource(NumberSequence.Source(from, to));
    }

    /// <summary>Writes the records as lines to the standard output of the processes that run the subtasks.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="prefix">Stands before each line, as in <c>prefix> record</c>; null for none.</param>
    public static DataStreamSink<T> Print<T>(this DataStream<T> stream, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.SinkTo(ConsoleSink.Lines<T>(prefix));
    }

    /// <summary>Takes the records and drops them.</summary>
    public static DataStreamSink<T> Discard<T>(this DataStream<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.SinkTo(new DiscardSink<T>());
    }

    /// <summary>Sends the records to the client, as part of the job's result: for small results.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The name the client asks for; unique in the job.</param>
    /// <param name="maxBytes">Most bytes of all records together, once serialized; 1 byte to 1 GB. Default 16
    /// MB.</param>
    public static DataStreamSink<T> CollectTo<T>(
        this DataStream<T> stream, string name, int maxBytes = CollectedRecords.DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.SinkTo(new CollectSink<T>(name, maxBytes, stream.Environment.Serializers));
    }
}
