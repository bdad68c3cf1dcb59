using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Something to be done for a job. What comes of it is told as a <see cref="JobEvent"/>.</summary>
internal abstract record JobEffect
{
    /// <summary>Stop what older epochs left running, and take back their slots.</summary>
    internal sealed record Reconcile : JobEffect;

    /// <summary>Start enumerators and prepare committers.</summary>
    /// <param name="Round">The round they belong to.</param>
    /// <param name="ToCommit">Only to commit what an older epoch decided: targets are not checked again.</param>
    /// <param name="From">The checkpoint the round goes on from, whose results are committed first; null for a round
    /// that begins.</param>
    internal sealed record Prepare(int Round, bool ToCommit, CheckpointMetadata? From = null) : JobEffect;

    /// <summary>Give up preparing; the outcome is told all the same.</summary>
    internal sealed record CancelPreparation : JobEffect;

    /// <param name="Round">The round they are for.</param>
    /// <param name="Demand">How many.</param>
    /// <param name="Least">With how many the job can do when there are no more; zero when it needs all.</param>
    /// <param name="Preferred">Where it ran before, or null.</param>
    internal sealed record RequestSlots(
        int Round,
        ImmutableArray<SlotDemand> Demand,
        int Least = 0,
        IReadOnlyList<PreferredSilo>? Preferred = null) : JobEffect;

    /// <summary>Give up waiting for slots; the outcome is told all the same.</summary>
    internal sealed record CancelSlotRequest : JobEffect;

    /// <summary>Build subtasks on a silo.</summary>
    internal sealed record Deploy(int Round, string Silo, TaskDeploymentList List) : JobEffect
    {
        public ImmutableArray<ExecutionAttemptId> Attempts => [.. List.Tasks.Select(static task => task.Attempt)];
    }

    internal sealed record Start(int Round, string Silo, ImmutableArray<ExecutionAttemptId> Attempts) : JobEffect;

    internal sealed record Cancel(string Silo, ImmutableArray<ExecutionAttemptId> Attempts) : JobEffect;

    /// <summary>Send finished partitions of a silo to consumers on another one.</summary>
    internal sealed record SendPartitions(string Silo, PartitionOrder Order) : JobEffect;

    /// <summary>Remove partitions that nobody will read any more.</summary>
    internal sealed record ReleasePartitions(string Silo, PartitionOrder Order) : JobEffect;

    /// <summary>Give back every slot the job holds, and all partitions with them.</summary>
    internal sealed record ReleaseSlots : JobEffect;

    /// <summary>Write the job's record, if this epoch is still in charge.</summary>
    internal sealed record Write(JobRecordChange Change) : JobEffect;

    internal sealed record Commit(ImmutableArray<OperatorCommittables> Committables) : JobEffect;

    /// <summary>Remove what the round's writers left behind, and release its enumerators and committers.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="GoesOn">Only release: the next round goes on from a checkpoint, and removes what is not part of
    /// that.</param>
    /// <param name="Kept">A checkpoint that stays when the job is over: what is part of it stays too.</param>
    /// <param name="MayPrepare">Whether the job's own code may prepare for it, where it has not.</param>
    internal sealed record Abort(int Round, bool GoesOn = false, KeptCheckpoint? Kept = null, bool MayPrepare = true)
        : JobEffect;

    /// <summary>Ask the job's side of the sources where a checkpoint begins. What is asked for by readers that have not
    /// passed the cut waits from then on.</summary>
    internal sealed record SnapshotSources(long Checkpoint) : JobEffect;

    /// <summary>A checkpoint is over: nobody waits for its cut any more.</summary>
    /// <param name="Checkpoint">Its number.</param>
    /// <param name="Received">How many splits readers are known to have got for good, when it is complete.</param>
    internal sealed record SettleSources(
        long Checkpoint,
        IReadOnlyDictionary<(OperatorId Source, int Subtask), long>? Received) : JobEffect;

    /// <summary>New attempts of readers go on from the latest completed checkpoint while others read on: each is given
    /// again what its reader got since.</summary>
    /// <param name="Attempt">Number of the new attempts.</param>
    /// <param name="Readers">The subtasks, by source.</param>
    internal sealed record ResetReaders(int Attempt, ILookup<OperatorId, int> Readers) : JobEffect;

    /// <summary>Say that regions of the job run again while the rest goes on.</summary>
    /// <param name="Regions">Their numbers, from zero.</param>
    /// <param name="Of">How many the job has.</param>
    /// <param name="Subtasks">How many subtasks they have.</param>
    /// <param name="Attempt">Number of the new attempts.</param>
    /// <param name="Delay">From now to them.</param>
    /// <param name="Failure">Why.</param>
    internal sealed record NoteRestart(
        ImmutableArray<int> Regions,
        int Of,
        int Subtasks,
        int Attempt,
        TimeSpan Delay,
        FailureInfo Failure) : JobEffect;

    /// <summary>Have the cut begin with the sources of a silo.</summary>
    internal sealed record TriggerCheckpoint(string Silo, CheckpointOrder Order) : JobEffect;

    /// <summary>Tell the subtasks on a silo what became of checkpoints.</summary>
    internal sealed record NotifyCheckpoint(string Silo, CheckpointNotice Notice) : JobEffect;

    /// <summary>Store what a checkpoint consists of.</summary>
    internal sealed record StoreCheckpoint(CheckpointMetadata Metadata) : JobEffect;

    /// <summary>Make visible what a completed checkpoint commits.</summary>
    internal sealed record CommitCheckpoint(
        long Checkpoint, ImmutableArray<OperatorCommittables> Committables) : JobEffect;

    /// <summary>Note with a checkpoint that all it commits is visible: nobody commits it again.</summary>
    internal sealed record MarkCommitted(CheckpointReference Checkpoint) : JobEffect;

    /// <summary>Read what a checkpoint consists of, to go on from it.</summary>
    internal sealed record ReadCheckpoint(int Round, RetainedCheckpoint Checkpoint) : JobEffect;

    /// <summary>Read what the job was submitted to go on from.</summary>
    internal sealed record ReadRestored(int Round) : JobEffect;

    /// <summary>Remove files of checkpoints, some time and as far as it is possible: nothing waits for it.</summary>
    internal sealed record CleanCheckpoints(CheckpointGarbage Garbage) : JobEffect;

    /// <summary>Say what became of a checkpoint.</summary>
    internal sealed record NoteCheckpoint(CheckpointNote Note) : JobEffect;

    /// <summary>Store what a savepoint consists of.</summary>
    internal sealed record StoreSavepoint(string Folder, SavepointMetadata Metadata) : JobEffect;

    /// <summary>Remove all that is there of a savepoint that was given up.</summary>
    internal sealed record DiscardSavepoint(OpenSavepoint Savepoint) : JobEffect;

    /// <summary>Remove what the job was given to go on from: nothing waits for it.</summary>
    /// <param name="Folder">Absolute URI of its folder.</param>
    /// <param name="Files">Absolute URIs of its files; the first ones are those that say what it consists of.</param>
    internal sealed record RemoveClaimed(string Folder, ImmutableArray<string> Files) : JobEffect;

    /// <summary>A savepoint that was to stop the job was given up: subtasks of a silo go on.</summary>
    internal sealed record GoOn(string Silo, CheckpointOrder Order) : JobEffect;

    internal sealed record SetTimer(JobTimer Timer, TimeSpan Delay) : JobEffect;

    /// <summary>A timer is not waited for any more; it may be told all the same.</summary>
    internal sealed record CancelTimer(JobTimer Timer) : JobEffect;

    /// <summary>The job is over: release everything.</summary>
    /// <param name="Checkpoints">What becomes of its checkpoints; null when they stay as they are.</param>
    internal sealed record End(CheckpointGarbage? Checkpoints) : JobEffect;

    /// <summary>Somebody else is in charge: release everything, order nothing, write nothing.</summary>
    internal sealed record StepDown : JobEffect;
}

/// <summary>What is to change in a job's record.</summary>
/// <param name="Step">Why.</param>
/// <param name="Status">The job's status from then on.</param>
/// <param name="Attempt">Number of the current attempts.</param>
/// <param name="Restarts">How often the job was restarted.</param>
/// <param name="Failure">What it failed of, or null.</param>
/// <param name="Outcome">What it leaves, or null.</param>
/// <param name="Details">The job as it looks then, or null.</param>
/// <param name="Checkpoints">The completed checkpoints that it can go on from, the latest one first.</param>
/// <param name="Savepoint">The savepoint the job ends with, once that is decided; or null.</param>
/// <param name="OpenSavepoints">Savepoints of which there may be files, and which are not complete.</param>
/// <param name="IsPreparing">Whether the job's own code may be preparing on its side.</param>
/// <param name="IsCommitting">Whether the job's own code may be committing the outcome on its side.</param>
internal sealed record JobRecordChange(
    RecordStep Step,
    JobStatus Status,
    int Attempt,
    int Restarts,
    FailureInfo? Failure,
    JobOutcome? Outcome,
    JobDetails? Details,
    ImmutableArray<RetainedCheckpoint> Checkpoints,
    StoppingSavepoint? Savepoint = null,
    ImmutableArray<OpenSavepoint> OpenSavepoints = default,
    bool IsPreparing = false,
    bool IsCommitting = false);

/// <summary>A checkpoint that outlives its job.</summary>
/// <param name="Reference">Where it is.</param>
/// <param name="Metadata">What it consists of; null when it is to be read.</param>
internal sealed record KeptCheckpoint(CheckpointReference Reference, CheckpointMetadata? Metadata);
