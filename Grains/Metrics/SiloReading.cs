namespace Millrace.Metrics;

/// <summary>What one silo shows at one moment.</summary>
internal readonly record struct SiloReading
{
    /// <summary>Threads that run loops.</summary>
    public long Workers { get; init; }

    /// <summary>Loops that have not ended.</summary>
    public long Loops { get; init; }

    /// <summary>Subtasks that have not ended.</summary>
    public long Subtasks { get; init; }

    /// <summary>Subtasks that have failed since the silo started.</summary>
    public long Failures { get; init; }

    /// <summary>Batches rented and not given back.</summary>
    public long Batches { get; init; }

    /// <summary>Blocks of bytes rented and not given back.</summary>
    public long Buffers { get; init; }

    /// <summary>Connections of the exchange.</summary>
    public long Connections { get; init; }

    /// <summary>Files of checkpoints that subtasks were restored from, out of copies on this silo's disk.</summary>
    public long RestoredCopies { get; init; }

    /// <summary>Files of checkpoints that subtasks were restored from, out of where checkpoints are kept.</summary>
    public long RestoredFiles { get; init; }

    /// <summary>Bytes of copies of checkpointed state on this silo's disk.</summary>
    public long CopiedBytes { get; init; }

    /// <summary>All slots.</summary>
    public long Slots { get; init; }

    /// <summary>Slots nobody has.</summary>
    public long FreeSlots { get; init; }
}
