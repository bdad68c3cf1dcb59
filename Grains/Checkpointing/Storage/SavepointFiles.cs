using System.Globalization;
using Millrace.Tasks;

namespace Millrace.Checkpointing.Storage;

/// <summary>Names of the files of a savepoint (docs/formats/savepoint.md).</summary>
internal static class SavepointFiles
{
    /// <summary>What the savepoint consists of; written last.</summary>
    public const string Metadata = "_metadata";

    /// <summary>A file of a savepoint.</summary>
    /// <param name="folder">Absolute URI, without a slash at its end.</param>
    /// <param name="name">As it stands in the savepoint.</param>
    public static string In(string folder, string name) => $"{folder}/{name}";

    /// <summary>What one subtask attempt keeps.</summary>
    public static string State(string folder, ExecutionAttemptId attempt) => In(folder, string.Create(
        CultureInfo.InvariantCulture, $"{attempt.Vertex}-{attempt.Subtask}-{attempt.Attempt}.state"));
}
