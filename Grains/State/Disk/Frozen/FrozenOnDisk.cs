using Millrace.State.Snapshots;

namespace Millrace.State.Disk.Frozen;

/// <summary>State as it was at a cut, of which most is on the disk.</summary>
/// <param name="state">It.</param>
/// <param name="held">What has to stay there until it is written.</param>
internal sealed class FrozenOnDisk(FrozenState state, IReadOnlyList<IDisposable> held) : FrozenState
{
    public override bool IsChange => state.IsChange;

    public override IEnumerable<long> Write(SnapshotOutput output) => state.Write(output);

    public override void Dispose()
    {
        state.Dispose();
        foreach (IDisposable one in held)
        {
            one.Dispose();
        }
    }
}
