namespace Millrace.Jobs;

/// <summary>Identifies one job of a cluster.</summary>
/// <param name="Value">Written as 32 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobId")]
public readonly record struct JobId([property: Id(0)] Id128 Value)
{
    /// <summary>Reads 32 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static JobId Parse(string text) => Id128.TryParse(text, out Id128 id)
        ? new JobId(id)
        : throw new FormatException($"'{text}' is not a job id: 32 lower-case hexadecimal digits are needed.");

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
