using System.Globalization;
using Millrace.Tasks;

namespace Millrace.Checkpointing.Storage;

/// <summary>Names of the files of a job's checkpoints, parts joined by slashes.</summary>
internal static class CheckpointFiles
{
    /// <summary>The folder of one checkpoint.</summary>
    public static string Folder(CheckpointReference checkpoint) => string.Create(
        CultureInfo.InvariantCulture, $"chk-{checkpoint.Number}-{checkpoint.Epoch.Value}");

    /// <summary>What the checkpoint consists of; written last.</summary>
    public static string Metadata(CheckpointReference checkpoint) => $"{Folder(checkpoint)}/metadata.json";

    /// <summary>What one subtask attempt keeps.</summary>
    public static string State(CheckpointReference checkpoint, ExecutionAttemptId attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Folder(checkpoint)}/{attempt.Vertex}-{attempt.Subtask}-{attempt.Attempt}.state");
}
