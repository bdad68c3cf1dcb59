using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>The keyed state of one operator as it was at a cut.</summary>
/// <param name="settings">Whose state it is.</param>
/// <param name="sections">The states and timers of the program.</param>
/// <param name="untouched">What was restored and nobody asked for: it is kept as it is. It belongs to this.</param>
/// <param name="isWritten">Whether what is untouched is in the checkpoint that is built upon.</param>
/// <param name="held">What has to stay until it is written.</param>
internal sealed class FrozenSections(
    KeyedStateSettings settings,
    IReadOnlyList<FrozenSection> sections,
    UntouchedState untouched,
    bool isWritten,
    IReadOnlyList<IDisposable> held)
    : FrozenState
{
    public override bool IsChange =>
        (isWritten && untouched.Sections.Count > 0) || sections.Any(static section => section.IsDelta);

    public override IEnumerable<long> Write(SnapshotOutput output)
    {
        using KeyedSnapshotWriter writer = new(settings, output);
        writer.Begin();
        foreach (long position in sections.SelectMany(writer.Write))
        {
            yield return position;
        }

        if (isWritten)
        {
            foreach (StoredSection section in untouched.Sections.DistinctBy(static section => section.Header.Id))
            {
                writer.WriteUnchanged(section.Header);
            }
        }
        else
        {
            foreach (long position in untouched.Sections.SelectMany(writer.Write))
            {
                yield return position;
            }

            untouched.AllIsKept();
        }

        writer.End();
        yield return output.Position;
    }

    public override void Dispose()
    {
        foreach (FrozenSection section in sections)
        {
            section.Dispose();
        }

        untouched.Dispose();
        foreach (IDisposable one in held)
        {
            one.Dispose();
        }
    }
}
