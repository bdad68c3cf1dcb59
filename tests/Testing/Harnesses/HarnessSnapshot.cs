using Millrace.State.Snapshots;

namespace Millrace.Harnesses;

/// <summary>What the operator of a harness keeps at one moment, as a checkpoint would hold it.</summary>
public sealed class HarnessSnapshot
{
    internal HarnessSnapshot(OperatorSnapshot snapshot) => Snapshot = snapshot;

    internal OperatorSnapshot Snapshot { get; }
}
