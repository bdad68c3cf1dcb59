using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Clustering.Files;

/// <summary>The content of <c>membership.json</c>; the format is described in
/// docs/formats/file-membership.md.</summary>
/// <param name="Format">Always <see cref="FormatName"/>.</param>
/// <param name="FormatVersion">Raised by every change that an older reader would misread.</param>
/// <param name="Table">The table.</param>
internal sealed record MembershipDocument(string Format, int FormatVersion, MembershipState Table)
{
    public const string FormatName = "millrace-membership";
    public const int CurrentVersion = 1;

    public static byte[] Write(MembershipState table) => JsonSerializer.SerializeToUtf8Bytes(
        new MembershipDocument(FormatName, CurrentVersion, table), MembershipJson.Default.MembershipDocument);

    /// <exception cref="InvalidDataException">The bytes are not such a document; the text says why.</exception>
    public static MembershipState Read(ReadOnlySpan<byte> content)
    {
        MembershipHeader? header = Parse(content, MembershipJson.Default.MembershipHeader);
        if (header?.Format != FormatName)
        {
            throw new InvalidDataException($"its format is '{header?.Format}', not '{FormatName}'");
        }

        if (header.FormatVersion != CurrentVersion)
        {
            throw new InvalidDataException(
                $"its format version is {header.FormatVersion}, and this build reads {CurrentVersion}");
        }

        return Parse(content, MembershipJson.Default.MembershipDocument)!.Table;
    }

    private static T? Parse<T>(ReadOnlySpan<byte> content, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type);
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"it is no whole JSON document: {damaged.Message}", damaged);
        }
    }
}

/// <summary>What every version of the format begins with.</summary>
internal sealed record MembershipHeader(string Format, int FormatVersion);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SiloAddressJson)])]
[JsonSerializable(typeof(MembershipDocument))]
[JsonSerializable(typeof(MembershipHeader))]
internal sealed partial class MembershipJson : JsonSerializerContext;

/// <summary>Silo addresses as Orleans prints them for parsing: address, port, generation.</summary>
internal sealed class SiloAddressJson : JsonConverter<SiloAddress>
{
    public override SiloAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.GetString();
        try
        {
            return SiloAddress.FromParsableString(text!);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or OverflowException
            or IndexOutOfRangeException or NullReferenceException)
        {
            throw new JsonException($"'{text}' is no silo address.", wrong);
        }
    }

    public override void Write(Utf8JsonWriter writer, SiloAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToParsableString());
}
