using System.Globalization;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Tasks;

/// <summary>What a subtask attempt is and belongs to.</summary>
/// <param name="Attempt">Which attempt of which subtask.</param>
/// <param name="Epoch">Who deployed it.</param>
/// <param name="JobName">The job's name.</param>
/// <param name="Vertex">Its vertex.</param>
/// <param name="Slot">Index of its slot on the silo.</param>
/// <param name="Arguments">The arguments the job was submitted with.</param>
/// <param name="WorkingDirectory">Where the job was submitted.</param>
/// <param name="Silo">Name of the silo, for people.</param>
internal sealed record SubtaskInfo(
    ExecutionAttemptId Attempt,
    JobEpoch Epoch,
    string JobName,
    JobVertex Vertex,
    int Slot,
    JobArguments Arguments,
    string WorkingDirectory,
    string Silo)
{
    /// <summary>Whether its job may ask for its part of a checkpoint.</summary>
    public bool TakesCheckpoints { get; init; }

    /// <summary>Such as <c>'Count -> Sink: Files' (2/4)</c>.</summary>
    public string Name { get; } = string.Create(
        CultureInfo.InvariantCulture, $"'{Vertex.Name}' ({Attempt.Subtask + 1}/{Vertex.Parallelism})");
}
