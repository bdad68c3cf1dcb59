namespace Millrace.Jobs;

/// <summary>
/// Identifies an operator of a job, the same in every run of the same program; state is filed under it.
/// </summary>
/// <param name="Value">Written as 32 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("millrace.OperatorId")]
public readonly record struct OperatorId([property: Id(0)] Id128 Value)
{
    /// <summary>Reads 32 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static OperatorId Parse(string text) => Id128.TryParse(text, out Id128 id)
        ? new OperatorId(id)
        : throw new FormatException($"'{text}' is not a operator id: 32 lower-case hexadecimal digits are needed.");

    /// <summary>For people: its name, and the uid where it has one.</summary>
    internal string Describe(string name, string? uid) => uid is null ? $"'{name}' ({this})" : $"'{name}' (uid {uid})";

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
