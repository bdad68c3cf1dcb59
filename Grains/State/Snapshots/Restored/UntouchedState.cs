namespace Millrace.State.Snapshots.Restored;

/// <summary>What was restored and nobody had asked for at a cut. It can be read until disposal, from any
/// thread.</summary>
/// <param name="sections">It; sections of one name in the order in which they apply.</param>
/// <param name="owners">Hold what it is read from, for as long as anybody may ask.</param>
internal sealed class UntouchedState(IReadOnlyCollection<StoredSection> sections, IReadOnlyList<RestoredHold> owners)
    : IDisposable
{
    private readonly RestoredHold[] _holds = [.. owners.Select(static owner => owner.Bytes.Hold())];

    /// <summary>Its sections.</summary>
    public IReadOnlyCollection<StoredSection> Sections => sections;

    /// <summary>All of it was read and kept: who may still ask for some needs no more than that.</summary>
    public void AllIsKept()
    {
        foreach (RestoredHold owner in owners)
        {
            owner.AllIsKept();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RestoredHold hold in _holds)
        {
            hold.Dispose();
        }
    }
}
