using Millrace.State.Snapshots;

namespace Millrace.State.OperatorStates;

/// <summary>The state of one operator that belongs to no key, as it was at a cut.</summary>
/// <param name="states">The states of the program.</param>
/// <param name="untouched">What was restored and nobody asked for: it is kept as it is.</param>
internal sealed class FrozenOperatorStates(
    IReadOnlyCollection<IFrozenOperatorState> states, IReadOnlyCollection<StoredOperatorState> untouched)
    : FrozenState
{
    public override bool IsChange => false;

    public override IEnumerable<long> Write(SnapshotOutput output) =>
        OperatorStateFormat.Write(output, states, untouched);

    public override void Dispose()
    {
        // Nothing is copied because of it but what it holds itself.
    }
}
