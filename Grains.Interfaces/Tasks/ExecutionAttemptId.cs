using System.Globalization;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>One attempt to run one subtask of one job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Vertex">The vertex of the job graph.</param>
/// <param name="Subtask">Zero-based index of the subtask.</param>
/// <param name="Attempt">Zero for the first attempt, a higher one after each restart.</param>
[GenerateSerializer, Immutable, Alias("millrace.ExecutionAttemptId")]
public readonly record struct ExecutionAttemptId(
    [property: Id(0)] JobId Job,
    [property: Id(1)] VertexId Vertex,
    [property: Id(2)] int Subtask,
    [property: Id(3)] int Attempt)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static ExecutionAttemptId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('_');
        if (parts.Length != 4
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int subtask)
            || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int attempt))
        {
            throw new FormatException($"'{text}' is not an execution attempt: 'job_vertex_subtask_attempt' is needed.");
        }

        return new ExecutionAttemptId(JobId.Parse(parts[0]), VertexId.Parse(parts[1]), subtask, attempt);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Job}_{Vertex}_{Subtask}_{Attempt}");
}
