namespace Millrace.Graph;

/// <summary>How the records of an edge find their subtask.</summary>
public enum PartitionerKind
{
    /// <summary>Subtask n to subtask n.</summary>
    Forward,

    /// <summary>By the key group of the record's key.</summary>
    Hash,

    /// <summary>In turn to all subtasks.</summary>
    Rebalance,

    /// <summary>In turn to a part of the subtasks, so that each pair of neighbours is connected once.</summary>
    Rescale,

    /// <summary>To a random subtask.</summary>
    Shuffle,

    /// <summary>To every subtask.</summary>
    Broadcast,

    /// <summary>To the first subtask.</summary>
    Global,

    /// <summary>As a function of the user says.</summary>
    Custom,
}
