using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Checkpointing;
using Millrace.Tasks;

namespace Millrace.Jobs.Storage;

/// <summary>The files of a job, as docs/formats/job-record.md describes them: a line with kind, version and checksum,
/// then
/// JSON.</summary>
internal static class JobRecordFormat
{
    public const string Record = "millrace-job-record";
    public const string Submission = "millrace-job-submission";

    private const int Version = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        RespectRequiredConstructorParameters = false,
        WriteIndented = true,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new TextConverter<JobId>(JobId.Parse),
            new TextConverter<SavepointId>(SavepointId.Parse),
            new TextConverter<VertexId>(VertexId.Parse),
            new TextConverter<OperatorId>(OperatorId.Parse),
            new TextConverter<ExecutionAttemptId>(ExecutionAttemptId.Parse),
            new EpochConverter(),
        },
    };

    /// <summary>How a file of this kind and version begins.</summary>
    public static byte[] HeadOf(string kind) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {Version} "));

    /// <summary>The bytes of a file.</summary>
    public static byte[] Write<T>(string kind, T content)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(content, Json);
        string head = string.Create(CultureInfo.InvariantCulture, $"{kind} {Version} {ChecksumOf(body)}\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body, (byte)'\n'];
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="kind">What the file must be.</param>
    /// <param name="path">For errors.</param>
    /// <param name="bytes">The file's content.</param>
    /// <exception cref="JobRecordCorruptedException">It is something else, or damaged.</exception>
    public static T Read<T>(string kind, string path, ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        string[] head = end < 0 ? [] : Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        if (head.Length != 3 || head[0] != kind)
        {
            throw new JobRecordCorruptedException(path, $"it does not begin with '{kind}'.");
        }

        if (head[1] != Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new JobRecordCorruptedException(
                path, $"it has format {head[1]}, this version reads format {Version}.");
        }

        ReadOnlySpan<byte> body = bytes[(end + 1)..];
        body = body.EndsWith("\n"u8) ? body[..^1] : body;
        if (ChecksumOf(body) != head[2])
        {
            throw new JobRecordCorruptedException(path, "its content does not have the checksum its first line gives.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body, Json)
                ?? throw new JobRecordCorruptedException(path, "it holds nothing.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            throw new JobRecordCorruptedException(path, $"{exception.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>The checksum that the first line gives of what follows.</summary>
    public static string ChecksumOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private sealed class TextConverter<T>(Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value!.ToString());

        public override T ReadAsPropertyName(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            parse(reader.GetString() ?? "");

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value!.ToString()!);
    }

    private sealed class EpochConverter : JsonConverter<JobEpoch>
    {
        public override JobEpoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, JobEpoch value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }
}
