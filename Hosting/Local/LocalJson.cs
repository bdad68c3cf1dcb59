using System.Text.Json.Serialization;

namespace Millrace.Local;

/// <summary>How the small files of a local cluster are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SiloRecord))]
[JsonSerializable(typeof(ClusterSettings))]
internal sealed partial class LocalJson : JsonSerializerContext;
