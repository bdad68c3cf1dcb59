using Millrace.Serialization;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Savepoints;

/// <summary>Adds up what the subtasks of one operator keep.</summary>
internal sealed class SavepointStates
{
    private readonly Dictionary<(string Kind, string Name), StateInSavepoint> _states = [];

    /// <summary>All of it, by kind and name.</summary>
    public IReadOnlyList<StateInSavepoint> All =>
    [
        .. _states.Values.OrderBy(static state => state.Kind, StringComparer.Ordinal)
            .ThenBy(static state => state.Name, StringComparer.Ordinal),
    ];

    /// <summary>Adds what one subtask keeps.</summary>
    public void Add(OperatorSnapshot snapshot)
    {
        foreach (StoredSection section in snapshot.Keyed.IsEmpty
            ? [] : snapshot.Keyed.Read().Sections)
        {
            SectionHeader header = section.Header;
            Add(new StateInSavepoint(
                header.Name,
                header.Kind.ToString(),
                ShapeOf(header),
                section.Groups.Sum(static group => (long)group.Entries),
                section.Groups.Count,
                section.Groups.Concat(section.More).Sum(static group => (long)group.Length)));
        }

        foreach (StoredOperatorState state in snapshot.Unkeyed.IsEmpty
            ? [] : OperatorStateFormat.Read(snapshot.Unkeyed, subtask: 0))
        {
            string shape = state.Header.Key is { } key
                ? $"{ShapeText.Of(key)} -> {ShapeText.Of(state.Header.Value)}"
                : ShapeText.Of(state.Header.Value);
            Add(new StateInSavepoint(
                state.Header.Name, $"Operator{state.Header.Kind}", shape, state.Elements, 0, state.Bytes.Length));
        }

        if (snapshot.Items.Values.Count > 0)
        {
            Add(new StateInSavepoint(
                "",
                "Items",
                ShapeOf(snapshot.Items),
                snapshot.Items.Values.Count,
                0,
                snapshot.Items.Values.Sum(static value => (long)value.Length)));
        }
    }

    private static string ShapeOf(OperatorItems items)
    {
        if (items.Shape.Length == 0)
        {
            return "bytes";
        }

        var reader = new RecordReader(items.Shape);
        return ShapeText.Of(ShapeCodec.Read(ref reader));
    }

    private static string ShapeOf(SectionHeader header)
    {
        TypeShape?[] key = [header.Key, header.Namespace];
        TypeShape?[] value = [header.MapKey, header.Value];
        string left = string.Join(", ", key.OfType<TypeShape>().Select(ShapeText.Of));
        string right = string.Join(" -> ", value.OfType<TypeShape>().Select(ShapeText.Of));
        return right.Length == 0 ? left : $"{left} -> {right}";
    }

    private void Add(StateInSavepoint state) =>
        _states[(state.Kind, state.Name)] = _states.TryGetValue((state.Kind, state.Name), out StateInSavepoint? known)
            ? known with
            {
                Entries = known.Entries + state.Entries,
                KeyGroups = known.KeyGroups + state.KeyGroups,
                Bytes = known.Bytes + state.Bytes,
            }
            : state;
}
