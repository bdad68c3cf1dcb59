using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Failures;

namespace Millrace.Connectors.Files.Parsing;

/// <summary>A JSON value on each line; empty lines are skipped.</summary>
internal sealed class JsonDecoder<T>(JsonTypeInfo<T> type) : IRecordDecoder<T>
{
    /// <summary>How such lines are read.</summary>
    /// <exception cref="InvalidProgramGraphException">No such records can be read.</exception>
    public static RecordReading<T> ReadingWith(JsonSerializerOptions options)
    {
        try
        {
            JsonTypeInfo<T> type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
            return new RecordReading<T>(default, () => new JsonDecoder<T>(type));
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            throw new InvalidProgramGraphException(
                $"'{typeof(T)}' cannot be read from JSON: {exception.Message}", exception);
        }
    }

    public void Begin(ReadOnlySpan<byte> header)
    {
    }

    public bool TryDecode(ReadOnlySpan<byte> record, out T value)
    {
        value = default!;
        if (record.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return false;
        }

        try
        {
            value = JsonSerializer.Deserialize(record, type)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidRecordException(ColumnOf(exception), exception.Message, exception);
        }
        catch (NotSupportedException exception)
        {
            throw new InvalidRecordException("", exception.Message);
        }

        if (value is null)
        {
            throw new InvalidRecordException("", $"null is no {typeof(T).Name}.");
        }

        return true;
    }

    private static string ColumnOf(JsonException exception) => exception.BytePositionInLine is long position
        ? FormattableString.Invariant($"column {position + 1}{PathOf(exception)}")
        : "";

    private static string PathOf(JsonException exception) =>
        string.IsNullOrEmpty(exception.Path) || exception.Path == "$" ? "" : $" ({exception.Path})";
}
