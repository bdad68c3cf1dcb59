using Millrace.State;
using Millrace.State.OperatorStates;

namespace Millrace.Operators.Connected;

/// <summary>The broadcast states of one operator, found without a search by name. Belongs to its loop.</summary>
internal sealed class BroadcastStates : IMapStateVisitor
{
    private readonly OperatorStateBackend _states;
    private readonly List<(MapStateDescriptor Descriptor, object State)> _known = [];

    /// <param name="states">The operator's state that belongs to no key.</param>
    /// <param name="declared">All broadcast states that there are.</param>
    public BroadcastStates(OperatorStateBackend states, IReadOnlyList<MapStateDescriptor> declared)
    {
        _states = states;
        _states.Broadcast.Declared = declared;
    }

    /// <summary>Whether one record or timer is at work that only this subtask handles.</summary>
    public bool IsReadOnly
    {
        set => _states.Broadcast.IsReadOnly = value;
    }

    /// <summary>Makes all of them, once the backend is open: each is part of every snapshot, asked for or
    /// not.</summary>
    /// <exception cref="IncompatibleStateException">What was saved cannot be taken over.</exception>
    public void Open()
    {
        foreach (MapStateDescriptor declared in _states.Broadcast.Declared!)
        {
            declared.Accept(this);
        }
    }

    public void Visit<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull => _known.Add((descriptor, _states.GetBroadcast(descriptor)));

    /// <summary>A state. The declared descriptor itself is found at once; another one of its name and types is
    /// compared.</summary>
    /// <exception cref="InvalidStateUseException">It is not declared, or with other types.</exception>
    public IBroadcastState<TKey, TValue> Get<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull
    {
        foreach ((MapStateDescriptor known, object state) in _known)
        {
            if (ReferenceEquals(known, descriptor))
            {
                return (IBroadcastState<TKey, TValue>)state;
            }
        }

        return _states.GetBroadcast(descriptor);
    }
}
