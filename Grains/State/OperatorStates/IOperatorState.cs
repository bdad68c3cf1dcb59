using Millrace.Serialization;

namespace Millrace.State.OperatorStates;

/// <summary>A state of an operator that belongs to no key, as snapshots see it. Belongs to one loop.</summary>
internal interface IOperatorState
{
    /// <summary>What it holds, with the present shapes.</summary>
    OperatorStateHeader Header { get; }

    /// <summary>What it holds now; it is copied when it is changed next.</summary>
    IFrozenOperatorState Freeze();

    /// <summary>Takes over what this subtask is to have of what all of them had.</summary>
    /// <param name="stored">All that was saved under the name, in the order of the subtasks.</param>
    /// <param name="snapshots">How many subtasks there were.</param>
    /// <param name="subtask">Index of this subtask.</param>
    /// <param name="parallelism">How many there are now.</param>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over.</exception>
    void Restore(IReadOnlyList<StoredOperatorState> stored, int snapshots, int subtask, int parallelism);
}

/// <summary>A state of an operator as it was at a cut. Read by one thread.</summary>
internal interface IFrozenOperatorState
{
    /// <summary>What it holds, with the present shapes.</summary>
    OperatorStateHeader Header { get; }

    /// <summary>Number of elements or entries.</summary>
    int Elements { get; }

    /// <summary>Appends all elements or entries.</summary>
    void Write(RecordWriter writer);
}
