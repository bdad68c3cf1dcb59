using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators;

/// <summary>How much an operator keeps: entries of its states, and timers, and not their bytes.</summary>
internal static class SnapshotEntries
{
    /// <summary>Number of entries of each kind.</summary>
    /// <param name="snapshot">Of the operator.</param>
    /// <param name="settings">As the operator has them.</param>
    public static ILookup<SectionKind, (string Name, int Count)> Of(
        OperatorSnapshot snapshot, KeyedStateSettings settings) => RestoredState.Of(settings, [snapshot.Keyed])
        .Untouched
        .ToLookup(
            section => section.Header.Kind,
            section => (section.Header.Name, section.Groups.Sum(group => group.Entries)));
}
