using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Output;

/// <summary>Results for scripts.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
    };

    public static void Write(TextWriter output, object value) =>
        output.WriteLine(JsonSerializer.Serialize(value, Options));
}
