using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Connectors.Files;

/// <summary>How files with a JSON value on each line are written.</summary>
public sealed class JsonLinesSinkOptions : FileSinkOptions
{
    /// <summary>How records become JSON. Default: properties and fields under their own names, text with as few
    /// escapes as possible, <c>NaN</c> and infinities as strings. May not ask for indentation: a record is one
    /// line.</summary>
    public JsonSerializerOptions Serializer { get; set; } = new()
    {
        IncludeFields = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    internal override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Serializer);
        if (Serializer.WriteIndented)
        {
            throw new ArgumentException("A record is one line: WriteIndented must be false.", nameof(Serializer));
        }
    }
}
