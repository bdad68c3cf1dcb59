using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution.Files;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>What one subtask has left in a checkpoint or savepoint, as bytes.</summary>
internal static class StoredSubtask
{
    private const string InMetadata = "the checkpoint's metadata";

    /// <summary>Reads it.</summary>
    /// <param name="handle">Where it is, and what it builds on.</param>
    /// <param name="job">Whose it is.</param>
    /// <param name="storage">Where its files are.</param>
    /// <param name="isWanted">Whether a key group, of a number of them, is to be read.</param>
    /// <param name="later">By what keyed state is read when it is asked for, of which nothing is read where none of it
    /// is wanted; null where all is read at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it kept; and where its newest bytes are.</returns>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public static async Task<(SubtaskSnapshot Snapshot, string Place)> ReadAsync(
        StateHandle handle,
        JobId job,
        ICheckpointStorage storage,
        Func<int, int, bool> isWanted,
        Func<SnapshotSource, RestoredBytes>? later,
        CancellationToken cancellationToken)
    {
        List<SnapshotSource> layers = [];
        List<RestoredBytes>? asked = later is null ? null : [];
        SubtaskSnapshotReader? reader = null;
        try
        {
            foreach (StateHandle layer in handle.Earlier.Add(handle))
            {
                SnapshotSource source = SourceOf(layer, job, storage, cancellationToken);
                layers.Add(source);
                asked?.Add(later!(source));
            }

            reader = new SubtaskSnapshotReader(layers, isWanted, asked);
            SubtaskSnapshot snapshot = await reader.ReadAsync(cancellationToken);
            layers.ForEach(static layer => layer.Forget());
            return (snapshot, layers[^1].Place);
        }
        catch (RecordCorruptedException exception)
        {
            throw new CheckpointCorruptedException(
                reader!.Place, exception.Message, exception, reader.Offset + exception.Offset);
        }
        finally
        {
            if (later is null)
            {
                layers.ForEach(static layer => layer.Dispose());
            }
        }
    }

    // Bytes that stand in the metadata are checked as a whole; those of a file piece by piece, as they are read.
    private static SnapshotSource SourceOf(
        StateHandle handle, JobId job, ICheckpointStorage storage, CancellationToken cancellationToken)
    {
        if (handle.File is { } file)
        {
            string place = storage.Describe(job, file);
            return new SnapshotSource(place, handle.Length, OpenAsync) { Checksum = handle.Checksum };

            async Task<StoredFile> OpenAsync()
            {
                StoredFile opened = await storage.OpenReadAsync(job, file, cancellationToken);
                return opened.Length == handle.Length ? opened : throw Closed(opened, place, handle.Length);
            }
        }

        byte[] bytes = handle.Bytes ?? [];
        if (bytes.Length != handle.Length)
        {
            throw OfLength(InMetadata, bytes.Length, handle.Length);
        }

        uint checksum = Checksum.Of(bytes);
        return checksum == handle.Checksum
            ? new SnapshotSource(InMetadata, bytes)
            : throw new CheckpointCorruptedException(
                InMetadata,
                $"the checksum of its {bytes.Length} bytes is {checksum:x8}, and {handle.Checksum:x8} was written.",
                offset: 0);
    }

    private static CheckpointCorruptedException Closed(StoredFile file, string place, long written)
    {
        file.Dispose();
        return OfLength(place, file.Length, written);
    }

    private static CheckpointCorruptedException OfLength(string place, long length, long written) => new(
        place, $"it has {length} bytes, and {written} were written.", offset: Math.Min(length, written));
}
