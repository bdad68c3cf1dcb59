using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.OperatorStates;

/// <summary>The state of one operator in one subtask that belongs to no key. Belongs to its loop.</summary>
/// <remarks>Life: built; <see cref="Restore"/> at most once; <see cref="Open"/>; states are asked for, and take over
/// what was restored; then records, and snapshots between them. What nobody asks for is carried along.</remarks>
internal sealed class OperatorStateBackend(string operatorName, SerializerSet serializers) : IRestoredStates
{
    private readonly Dictionary<string, (string Description, IOperatorState State)> _states = [];
    private readonly Dictionary<string, List<StoredOperatorState>> _restored = [];
    private int _snapshots;
    private int _subtask;
    private int _parallelism = 1;

    /// <summary>Who may use broadcast states, and how.</summary>
    public BroadcastAccess Broadcast { get; } = new(operatorName);

    /// <inheritdoc/>
    public IReadOnlyList<string> Unasked =>
        [.. _restored.Values.Select(static stored => $"Operator{stored[0].Header.Kind} '{stored[0].Header.Name}'")];

    /// <summary>Takes over what the subtasks of the operator had.</summary>
    /// <param name="snapshots">Of all of them, in their order; empty ones are of subtasks that kept nothing.</param>
    /// <exception cref="RecordCorruptedException">The bytes are no snapshot.</exception>
    public void Restore(IReadOnlyList<ReadOnlyMemory<byte>> snapshots)
    {
        _snapshots = snapshots.Count;
        for (int i = 0; i < snapshots.Count; i++)
        {
            foreach (StoredOperatorState state in
                snapshots[i].IsEmpty ? [] : OperatorStateFormat.Read(snapshots[i], i))
            {
                if (!_restored.TryGetValue(state.Header.Name, out List<StoredOperatorState>? stored))
                {
                    stored = [];
                    _restored.Add(state.Header.Name, stored);
                }

                stored.Add(state);
            }
        }
    }

    /// <summary>Which subtask it is, of how many.</summary>
    public void Open(int subtask, int parallelism)
    {
        _subtask = subtask;
        _parallelism = parallelism;
    }

    /// <summary>A list whose elements are dealt out after a restart.</summary>
    /// <exception cref="InvalidStateUseException">The state is to expire, or the name is in use for something
    /// else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public IListState<T> GetList<T>(ListStateDescriptor<T> descriptor) => Find(
        descriptor, "", name => new OperatorListState<T>(OperatorStateKind.List, name, serializers));

    /// <summary>A list that each subtask gets from all of them after a restart.</summary>
    /// <inheritdoc cref="GetList"/>
    public IListState<T> GetUnion<T>(ListStateDescriptor<T> descriptor) => Find(
        descriptor, "the union of ", name => new OperatorListState<T>(OperatorStateKind.Union, name, serializers));

    /// <summary>A map of which each subtask has the whole.</summary>
    /// <inheritdoc cref="GetList"/>
    public IBroadcastState<TKey, TValue> GetBroadcast<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Broadcast.RequireDeclared(descriptor);
        return Find(
            descriptor,
            "the broadcast of ",
            name => new BroadcastState<TKey, TValue>(name, serializers, Broadcast));
    }

    /// <summary>Everything that is kept, as it is now, to be written off the loop (docs/formats/operator-state.md);
    /// null when that is nothing.</summary>
    public FrozenState? Freeze()
    {
        // Each part of what nobody asks for has one subtask that carries it.
        StoredOperatorState[] untouched =
        [
            .. _restored.Values.SelectMany(stored => stored).Where(
                state => state.Header.Kind == OperatorStateKind.Broadcast
                    ? state.Subtask == _subtask % _snapshots
                    : state.Subtask % _parallelism == _subtask),
        ];
        return _states.Count + untouched.Length == 0
            ? null
            : new FrozenOperatorStates([.. _states.Values.Select(known => known.State.Freeze())], untouched);
    }

    /// <summary>Everything that is kept, as bytes; or empty.</summary>
    public ReadOnlyMemory<byte> Snapshot() => Freeze()?.ToArray() ?? [];

    private TState Find<TState>(StateDescriptor descriptor, string kind, Func<string, TState> create)
        where TState : class, IOperatorState
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (descriptor.TimeToLive is not null)
        {
            throw new InvalidStateUseException(
                $"Operator state '{descriptor.Name}' of '{operatorName}' is to expire: only state of a key does.");
        }

        string description = kind + descriptor.Description;
        if (!_states.TryGetValue(descriptor.Name, out (string Description, IOperatorState State) known))
        {
            known = (description, Restored(create(descriptor.Name)));
            _states.Add(descriptor.Name, known);
        }

        return known.Description == description && known.State is TState state
            ? state
            : throw new InvalidStateUseException(
                $"Operator '{operatorName}' uses the name '{descriptor.Name}' for two operator states: " +
                $"{known.Description}, and {description}. Give one of them another name.");
    }

    private IOperatorState Restored(IOperatorState state)
    {
        OperatorStateHeader header = state.Header;
        if (!_restored.TryGetValue(header.Name, out List<StoredOperatorState>? stored))
        {
            return state;
        }

        if (stored.Find(part => part.Header.Kind != header.Kind) is { } other)
        {
            throw new IncompatibleStateException(
                $"Operator state '{header.Name}' of '{operatorName}' was saved as {other.Header.Kind}, and the " +
                $"program asks for {header.Kind}: give it another name.");
        }

        try
        {
            state.Restore(stored, _snapshots, _subtask, _parallelism);
        }
        catch (IncompatibleShapeException exception)
        {
            throw new IncompatibleStateException(
                $"Operator state '{header.Name}' of '{operatorName}' was saved with other types than the program " +
                $"has: {exception.Message}",
                exception);
        }

        _restored.Remove(header.Name);
        return state;
    }
}
