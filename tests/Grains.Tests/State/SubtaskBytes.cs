using Millrace.State.Snapshots;

namespace Millrace.State;

/// <summary>What the operators of a subtask keep, through the bytes of a checkpoint.</summary>
internal static class SubtaskBytes
{
    public static byte[] Write(IReadOnlyList<(string Id, OperatorSnapshot Snapshot)> operators)
    {
        using SnapshotOutput output = new();
        (string, FrozenOperator)[] kept = [.. operators.Select(one => (one.Id, Frozen(one.Snapshot)))];
        foreach (long _ in SubtaskSnapshotFormat.Write(output, kept, []))
        {
            // All of it stays in the output.
        }

        return output.Writer.WrittenSpan.ToArray();
    }

    public static async Task<IReadOnlyDictionary<string, OperatorSnapshot>> ReadAsync(byte[] bytes)
    {
        using SnapshotSource source = new("bytes", bytes);
        return await new SubtaskSnapshotReader([source], static (_, _) => true).ReadAsync(CancellationToken.None);
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
