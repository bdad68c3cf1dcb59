using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;

namespace Millrace.Jobs.Storage;

/// <summary>Reads what the folder of a savepoint, or of a checkpoint that was kept, consists of.</summary>
internal static class SavepointFolder
{
    /// <summary>Kind of the file that says so.</summary>
    public const string Kind = "millrace-savepoint";

    /// <summary>Reads it.</summary>
    /// <param name="path">The folder: an absolute path or URI.</param>
    /// <param name="read">Reads a file by its absolute URI; null when it is not there.</param>
    /// <returns>With absolute URIs of its files.</returns>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    public static async Task<SavepointMetadata> ReadAsync(string path, Func<string, Task<byte[]?>> read)
    {
        string folder;
        try
        {
            folder = SavepointLocation.UriOf(path);
        }
        catch (ArgumentException wrong)
        {
            throw new CheckpointCorruptedException(path, wrong.Message, wrong);
        }

        string file = SavepointFiles.In(folder, SavepointFiles.Metadata);
        if (await read(file) is { } bytes)
        {
            SavepointMetadata savepoint = Parse(file, bytes);
            return savepoint with { Snapshot = savepoint.Snapshot.WithFiles(name => Under(folder, name)) };
        }

        // A checkpoint of a job names its files from the folder of the job's checkpoints on, one above its own.
        file = SavepointFiles.In(folder, CheckpointFiles.MetadataName);
        if (await read(file) is { } other)
        {
            string parent = folder[..folder.LastIndexOf('/')];
            CheckpointMetadata checkpoint = await CheckpointStore.WithoutCommittedAsync(
                CheckpointStore.Parse(SavepointLocation.Describe(file), other),
                () => read(SavepointFiles.In(folder, CheckpointFiles.CommittedName)));
            return new SavepointMetadata(
                default, SavepointKind.Continue, checkpoint.WithFiles(name => Under(parent, name)));
        }

        throw new CheckpointCorruptedException(
            SavepointLocation.Describe(folder),
            $"there is no {SavepointFiles.Metadata} in it, and no {CheckpointFiles.MetadataName}: it is no folder of a "
            + "savepoint or checkpoint, or this process does not see it.");
    }

    private static string Under(string folder, string file) =>
        CheckpointFiles.IsAbsolute(file) ? file : SavepointFiles.In(folder, file);

    private static SavepointMetadata Parse(string file, byte[] bytes)
    {
        string place = SavepointLocation.Describe(file);
        try
        {
            return JobRecordFormat.Read<SavepointMetadata>(Kind, place, bytes);
        }
        catch (JobRecordCorruptedException exception)
        {
            throw new CheckpointCorruptedException(place, exception.Message, exception);
        }
    }
}
