using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

/// <summary>State that was written at the cut.</summary>
/// <param name="bytes">It.</param>
internal sealed class FrozenBytes(byte[] bytes) : FrozenState
{
    public override IEnumerable<long> Write(SnapshotOutput output)
    {
        output.Writer.WriteRaw(bytes);
        yield return output.Position;
    }

    public override void Dispose()
    {
        // There is nothing but the bytes.
    }
}
