using System.Globalization;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>Whose state a file of a checkpoint holds.</summary>
/// <param name="Name">Its name within its job.</param>
/// <param name="Checkpoint">Number of the checkpoint.</param>
/// <param name="Vertex">The vertex.</param>
/// <param name="Subtask">Zero-based index of the subtask.</param>
internal sealed record CopiedFile(string Name, long Checkpoint, VertexId Vertex, int Subtask)
{
    /// <summary>Reads what <see cref="CheckpointFiles.State"/> writes.</summary>
    /// <returns>Null for another name: a savepoint's, say, which belongs to somebody else.</returns>
    public static CopiedFile? Of(string file)
    {
        if (CheckpointFiles.IsAbsolute(file) || CheckpointFiles.CheckpointOf(file) is not { } checkpoint)
        {
            return null;
        }

        string[] parts = file[(file.IndexOf('/', StringComparison.Ordinal) + 1)..].Split('-');
        return parts.Length == 3
            && Id128.TryParse(parts[0], out Id128 vertex)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int subtask)
                ? new CopiedFile(file, checkpoint.Number, new VertexId(vertex), subtask)
                : null;
    }
}
