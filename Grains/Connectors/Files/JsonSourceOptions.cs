using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Connectors.Files;

/// <summary>How files with a JSON value on each line are read.</summary>
public sealed class JsonSourceOptions : FileSourceOptions
{
    /// <summary>How JSON becomes records. Default: properties and fields under their own names, <c>NaN</c> and
    /// infinities as strings; what a record has no member for is passed over.</summary>
    public JsonSerializerOptions Serializer { get; set; } = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    internal override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Serializer);
    }
}
