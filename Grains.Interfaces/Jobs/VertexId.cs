namespace Millrace.Jobs;

/// <summary>Identifies a vertex of a job graph: a chain of operators.</summary>
/// <param name="Value">Written as 32 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("millrace.VertexId")]
public readonly record struct VertexId([property: Id(0)] Id128 Value)
{
    /// <summary>Reads 32 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static VertexId Parse(string text) => Id128.TryParse(text, out Id128 id)
        ? new VertexId(id)
        : throw new FormatException($"'{text}' is not a vertex id: 32 lower-case hexadecimal digits are needed.");

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
