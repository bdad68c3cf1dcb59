using Millrace.Checkpointing;
using Millrace.Execution.Spilling;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>What one subtask has left in a checkpoint or savepoint, as bytes.</summary>
internal static class StoredSubtask
{
    private const string InMetadata = "the checkpoint's metadata";

    /// <summary>Opens a file.</summary>
    /// <param name="file">As handles name it.</param>
    /// <returns>Where it is, for people, and its bytes, which can be read from any place on.</returns>
    /// <exception cref="CheckpointCorruptedException">It is not there.</exception>
    internal delegate Task<(string Place, Stream Bytes)> Opener(string file);

    /// <summary>Reads it.</summary>
    /// <param name="handle">Where it is, and what it builds on.</param>
    /// <param name="open">Opens files.</param>
    /// <param name="isWanted">Whether a key group, of a number of them, is to be read.</param>
    /// <param name="later">By what keyed state is read when it is asked for; null where all is read at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it kept; and where its newest bytes are.</returns>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public static async Task<(SubtaskSnapshot Snapshot, string Place)> ReadAsync(
        StateHandle handle,
        Opener open,
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
                SnapshotSource source = await OpenAsync(layer, open);
                layers.Add(source);
                asked?.Add(later!(source));
            }

            reader = new SubtaskSnapshotReader(layers, isWanted, asked);
            return (await reader.ReadAsync(cancellationToken), layers[^1].Place);
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
    private static async Task<SnapshotSource> OpenAsync(StateHandle handle, Opener open)
    {
        (string place, Stream? stream) = handle.File is { } file ? await open(file) : (InMetadata, null);
        SnapshotSource source = stream is null
            ? new SnapshotSource(place, handle.Bytes ?? [])
            : new SnapshotSource(place, stream) { Checksum = handle.Checksum };
        if (source.Length != handle.Length)
        {
            source.Dispose();
            throw new CheckpointCorruptedException(
                place,
                $"it has {source.Length} bytes, and {handle.Length} were written.",
                offset: Math.Min(source.Length, handle.Length));
        }

        uint checksum = handle.Bytes is null ? handle.Checksum : Checksum.Of(handle.Bytes);
        return checksum == handle.Checksum
            ? source
            : throw new CheckpointCorruptedException(
                place,
                $"the checksum of its {source.Length} bytes is {checksum:x8}, and {handle.Checksum:x8} was written.",
                offset: 0);
    }
}
