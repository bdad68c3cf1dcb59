using System.Globalization;
using Millrace.Execution.Files;
using Millrace.Tasks;

namespace Millrace.Checkpointing.Storage;

/// <summary>Names of the files of a savepoint (docs/formats/savepoint.md).</summary>
internal static class SavepointFiles
{
    /// <summary>What the savepoint consists of; written last.</summary>
    public const string Metadata = "_metadata";

    private const string StateEnd = ".state";

    /// <summary>A file of a savepoint.</summary>
    /// <param name="folder">Absolute URI, without a slash at its end.</param>
    /// <param name="name">As it stands in the savepoint.</param>
    public static string In(string folder, string name) => $"{folder}/{name}";

    /// <summary>Whether a file in the folder of a savepoint is one that a savepoint consists of, or what a write of
    /// one has left that did not end.</summary>
    public static bool IsOwn(string name)
    {
        string whole = name.EndsWith(FileReplacement.Aside, StringComparison.Ordinal)
            ? name[..^FileReplacement.Aside.Length]
            : name;
        return !name.Contains('/') && (whole == Metadata || whole.EndsWith(StateEnd, StringComparison.Ordinal));
    }

    /// <summary>What one subtask attempt keeps.</summary>
    public static string State(string folder, ExecutionAttemptId attempt) => In(folder, string.Create(
        CultureInfo.InvariantCulture, $"{attempt.Vertex}-{attempt.Subtask}-{attempt.Attempt}{StateEnd}"));
}
