using Millrace.Execution.Files;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.State;

/// <summary>What the operators of a subtask keep, through the bytes of a checkpoint.</summary>
internal static class SubtaskBytes
{
    public static byte[] Write(
        IReadOnlyList<(string Id, OperatorSnapshot Snapshot)> operators,
        IReadOnlyList<InFlightSection>? incoming = null,
        IReadOnlyList<InFlightSection>? outgoing = null)
    {
        using SnapshotOutput output = new();
        FrozenSubtask subtask = new(
            [.. operators.Select(one => (one.Id, Frozen(one.Snapshot)))], Frozen(incoming), Frozen(outgoing));
        foreach (long _ in SubtaskSnapshotFormat.Write(output, subtask, new SubtaskTable()))
        {
            // All of it stays in the output.
        }

        return output.Writer.WrittenSpan.ToArray();
    }

    public static async Task<SubtaskSnapshot> ReadAsync(byte[] bytes)
    {
        using SnapshotSource source = new("bytes", bytes);
        return await new SubtaskSnapshotReader([source], static (_, _) => true).ReadAsync(CancellationToken.None);
    }

    /// <summary>As they are read where they stand in a file.</summary>
    public static SnapshotSource SourceOf(string place, byte[] bytes) =>
        new(place, bytes.Length, () => Task.FromResult<StoredFile>(new MemoryFile(bytes)));

    private static Bytes? Frozen(IReadOnlyList<InFlightSection>? sections)
    {
        if (sections is null)
        {
            return null;
        }

        using RecordWriter writer = new();
        writer.WriteCount(sections.Count);
        foreach (InFlightSection section in sections)
        {
            InFlightFormat.BeginSection(
                writer, section.Operator, section.Input, section.Shape, section.Parts.Count);
            foreach (InFlightPart part in section.Parts)
            {
                InFlightFormat.BeginPart(writer, part.Edge, part.Subtask, part.Subtasks, part.Blocks.Count);
                foreach (byte[] block in part.Blocks)
                {
                    writer.WriteBytes(block);
                }
            }
        }

        return new Bytes(writer.WrittenSpan.ToArray());
    }

    private static FrozenOperator Frozen(OperatorSnapshot snapshot) => new()
    {
        Keyed = snapshot.Keyed.IsEmpty ? null : new Bytes(snapshot.Keyed.Bytes),
        Unkeyed = snapshot.Unkeyed.IsEmpty ? null : new Bytes(snapshot.Unkeyed),
        Items = snapshot.Items,
        Watermark = snapshot.Watermark,
    };

    private sealed class Bytes(ReadOnlyMemory<byte> bytes) : FrozenState
    {
        public override bool IsChange => false;

        public override IEnumerable<long> Write(SnapshotOutput output)
        {
            output.Writer.WriteRaw(bytes.Span);
            yield return output.Position;
        }

        public override void Dispose()
        {
        }
    }
}
