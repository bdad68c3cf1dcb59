using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Failures;

namespace Millrace.Connectors.Files.Formats;

/// <summary>One JSON value on a line for each record.</summary>
internal sealed class JsonLinesFormat(JsonSerializerOptions options) : FileFormat
{
    public override string Extension => ".jsonl";

    public override Func<IRecordFormat<T>> For<T>()
    {
        try
        {
            JsonTypeInfo<T> type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
            return () => new Lines<T>(type);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            throw new InvalidProgramGraphException(
                $"'{typeof(T)}' cannot be written as JSON: {exception.Message}", exception);
        }
    }

    [SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer of somebody else holds nothing.")]
    private sealed class Lines<T>(JsonTypeInfo<T> type) : IRecordFormat<T>
    {
        private Utf8Buffer? _buffer;
        private Utf8JsonWriter? _writer;

        public void Begin(Utf8Buffer buffer)
        {
        }

        public int Append(Utf8Buffer buffer, ReadOnlySpan<T> records, int untilBytes)
        {
            Utf8JsonWriter writer = WriterOver(buffer);
            int count = 0;
            while (count < records.Length && (count == 0 || buffer.Length < untilBytes))
            {
                JsonSerializer.Serialize(writer, records[count++], type);
                writer.Flush();
                writer.Reset();
                buffer.Append((byte)'\n');
            }

            return count;
        }

        private Utf8JsonWriter WriterOver(Utf8Buffer buffer)
        {
            if (_writer is null)
            {
                JsonWriterOptions settings = new()
                {
                    Encoder = type.Options.Encoder,
                    MaxDepth = type.Options.MaxDepth,
                    SkipValidation = true,
                };
                _writer = new Utf8JsonWriter(buffer, settings);
            }
            else if (!ReferenceEquals(_buffer, buffer))
            {
                _writer.Reset(buffer);
            }

            _buffer = buffer;
            return _writer;
        }
    }
}
