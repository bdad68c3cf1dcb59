using Millrace.Serialization;
using Millrace.State.Disk;
using Millrace.State.Heap;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State;

/// <summary>What the state of a silo's jobs can be kept in.</summary>
/// <param name="Default">For jobs that do not say it.</param>
/// <param name="Disk">Where the disk is; null when there is none, as in a simulation.</param>
internal sealed record StateEnvironment(StateBackend Default, DiskStateSpace? Disk)
{
    /// <summary>Memory, and nothing else.</summary>
    public static readonly StateEnvironment Memory = new(StateBackend.Heap, null);

    /// <summary>Where restored state waits that no operator has asked for when its checkpoint goes.</summary>
    /// <param name="backend">What the job wants; null for the default.</param>
    /// <returns>Null for in memory.</returns>
    public RestoredRoom? CreateRestored(StateBackend? backend) =>
        (backend ?? Default) == StateBackend.Heap ? null : Disk?.CreateRestored();

    /// <summary>Told of what operators keep state in, by their names, when that is made; null for nobody.</summary>
    public Action<string, IRestoredStates>? Made { get; init; }

    /// <summary>Keyed state of one operator in one subtask.</summary>
    /// <param name="settings">What it is made from.</param>
    /// <param name="backend">What the job wants; null for the default.</param>
    /// <exception cref="InvalidOperationException">There is no disk.</exception>
    public KeyedStateBackend<TKey> Create<TKey>(KeyedStateSettings settings, StateBackend? backend)
    {
        KeyedStateBackend<TKey> made = (backend ?? Default) == StateBackend.Heap
            ? new HeapStateBackend<TKey>(settings)
            : new DiskStateBackend<TKey>(
                settings,
                Disk ?? throw new InvalidOperationException(
                    $"Operator '{settings.OperatorName}' is to keep its state on the disk, and there is none here."));
        Made?.Invoke(settings.OperatorName, made);
        return made;
    }

    /// <summary>State of one operator in one subtask that belongs to no key; in memory.</summary>
    public OperatorStateBackend CreateUnkeyed(string operatorName, SerializerSet serializers)
    {
        OperatorStateBackend made = new(operatorName, serializers);
        Made?.Invoke(operatorName, made);
        return made;
    }
}
