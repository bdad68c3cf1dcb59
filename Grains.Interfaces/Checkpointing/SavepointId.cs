using Millrace.Jobs;

namespace Millrace.Checkpointing;

/// <summary>Identifies one request for a savepoint. Drawn by whoever asks: asked again, it is the same
/// savepoint.</summary>
/// <param name="Value">Written as 32 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("millrace.SavepointId")]
public readonly record struct SavepointId([property: Id(0)] Id128 Value)
{
    /// <summary>Reads 32 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static SavepointId Parse(string text) => Id128.TryParse(text, out Id128 id)
        ? new SavepointId(id)
        : throw new FormatException($"'{text}' is not a savepoint id: 32 lower-case hexadecimal digits are needed.");

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
