using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Connectors.Files;

/// <summary>Writes streams into files.</summary>
public static class FileSinkExtensions
{
    /// <summary>Writes the stream into files.</summary>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be written so; names the member.</exception>
    public static DataStreamSink<T> SinkTo<T>(this DataStream<T> stream, FileSink sink)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(sink);
        return stream.SinkTo(sink.For<T>());
    }
}
