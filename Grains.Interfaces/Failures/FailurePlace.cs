using System.Text;

namespace Millrace.Failures;

/// <summary>Where in a running job something failed; each part may be unknown.</summary>
/// <param name="Vertex">Name of the vertex (the chain), or null.</param>
/// <param name="Operator">Name of the operator in the chain, or null.</param>
/// <param name="Subtask">Zero-based index of the subtask, or -1.</param>
/// <param name="Parallelism">Number of subtasks of the vertex, or 0.</param>
/// <param name="SourcePosition">The record at work, as its source describes it (file and byte), or null.</param>
/// <param name="Silo">Name or address of the silo, or null.</param>
[GenerateSerializer, Immutable, Alias("millrace.FailurePlace")]
public sealed record FailurePlace(
    [property: Id(0)] string? Vertex,
    [property: Id(1)] string? Operator,
    [property: Id(2)] int Subtask,
    [property: Id(3)] int Parallelism,
    [property: Id(4)] string? SourcePosition,
    [property: Id(5)] string? Silo)
{
    /// <summary>Nothing is known.</summary>
    public static readonly FailurePlace Unknown = new(null, null, -1, 0, null, null);

    /// <summary>Empty, or a clause that begins with a space: <c> in 'Map' of 'Source -> Map' (2/4) ...</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Operator is not null)
        {
            text.Append(" in operator '").Append(Operator).Append('\'');
        }

        if (Vertex is not null)
        {
            text.Append(" of '").Append(Vertex).Append('\'');
        }

        if (Subtask >= 0)
        {
            text.Append(" (").Append(Subtask + 1).Append('/').Append(Parallelism).Append(')');
        }

        if (SourcePosition is not null)
        {
            text.Append(" at ").Append(SourcePosition);
        }

        if (Silo is not null)
        {
            text.Append(" on silo ").Append(Silo);
        }

        return text.ToString();
    }
}
