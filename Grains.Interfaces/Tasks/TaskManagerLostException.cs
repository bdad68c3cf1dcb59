using Millrace.Failures;

namespace Millrace.Tasks;

/// <summary>A silo that runs, or was to run, subtasks is gone.</summary>
/// <param name="silo">The silo's name or address.</param>
[GenerateSerializer, Alias("millrace.TaskManagerLostException")]
public sealed class TaskManagerLostException(string silo)
    : StreamingException($"Silo {silo} is lost: its process ended or cannot be reached.")
{
    /// <summary>The silo's name or address.</summary>
    [Id(0)]
    public string Silo { get; } = silo;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
