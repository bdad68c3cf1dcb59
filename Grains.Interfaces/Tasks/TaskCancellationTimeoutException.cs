using Millrace.Failures;

namespace Millrace.Tasks;

/// <summary>A subtask that was told to stop did not stop in time; its slot is given up.</summary>
/// <param name="subtask">The subtask.</param>
/// <param name="waited">How long it was given.</param>
[GenerateSerializer, Alias("millrace.TaskCancellationTimeoutException")]
public sealed class TaskCancellationTimeoutException(string subtask, TimeSpan waited)
    : StreamingException(
        $"{subtask} did not stop within {waited.TotalSeconds:0.#} s of being told to. " +
        "Its slot is given up and its silo " +
        "should be replaced: a user function ignores its cancellation token.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
