using System.Globalization;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing.Storage;

/// <summary>Names of the files of a job's checkpoints, parts joined by slashes.</summary>
internal static class CheckpointFiles
{
    /// <summary>Name, within the checkpoint's folder, of the file that says what it consists of.</summary>
    public const string MetadataName = "metadata.json";

    /// <summary>Name, within the checkpoint's folder, of the file that says that all it commits is visible.</summary>
    public const string CommittedName = "committed";

    private const string SchemeEnd = "://";

    /// <summary>The folder of one checkpoint.</summary>
    public static string Folder(CheckpointReference checkpoint) => string.Create(
        CultureInfo.InvariantCulture, $"chk-{checkpoint.Number}-{checkpoint.Epoch.Value}");

    /// <summary>Which checkpoint wrote a file.</summary>
    /// <returns>Null when its name does not say so: it is none of these.</returns>
    public static CheckpointReference? CheckpointOf(string file)
    {
        string[] parts = file.Split('/')[0].Split('-');
        return parts.Length == 3
            && parts[0] == "chk"
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
                ? new CheckpointReference(number, new JobEpoch(epoch))
                : null;
    }

    /// <summary>What the checkpoint consists of; written last.</summary>
    public static string Metadata(CheckpointReference checkpoint) => $"{Folder(checkpoint)}/{MetadataName}";

    /// <summary>Is there when all that the checkpoint commits is visible.</summary>
    public static string Committed(CheckpointReference checkpoint) => $"{Folder(checkpoint)}/{CommittedName}";

    /// <summary>What one subtask attempt keeps.</summary>
    public static string State(CheckpointReference checkpoint, ExecutionAttemptId attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Folder(checkpoint)}/{attempt.Vertex}-{attempt.Subtask}-{attempt.Attempt}.state");

    /// <summary>Whether a file is named by its own address, and not within a job.</summary>
    public static bool IsAbsolute(string file) =>
        file.StartsWith('/') || file.Contains(SchemeEnd, StringComparison.Ordinal) || Path.IsPathRooted(file);

    /// <summary>The name itself, if it stays within the folder it is named in.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static string Checked(string name) =>
        name.Length > 0 && !name.Contains('\\') && name.Split('/').All(part => part is not ("" or "." or ".."))
            ? name
            : throw new ArgumentException(
                $"'{name}' is to have parts joined by slashes, none of them empty, '.' or '..'.", nameof(name));
}
