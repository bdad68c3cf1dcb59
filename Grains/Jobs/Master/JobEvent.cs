using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Something that happened to a job. A round is the number of the attempts it belongs to: what is left of an
/// earlier round is dropped.</summary>
internal abstract record JobEvent
{
    /// <summary>The job is recorded and this epoch is the first in charge.</summary>
    internal sealed record Begun : JobEvent;

    /// <summary>This epoch has taken over from one that is gone.</summary>
    /// <param name="Loss">What became of the one before.</param>
    /// <param name="Decided">What was to be committed, when that had been decided.</param>
    /// <param name="DecidedDetails">The job as it looked then.</param>
    /// <param name="Failure">Why the job was failing already, when it was.</param>
    internal sealed record TakenOver(
        FailureInfo Loss, JobOutcome? Decided, JobDetails? DecidedDetails, FailureInfo? Failure) : JobEvent;

    /// <summary>Nothing of older epochs runs any more, or it was given up.</summary>
    internal sealed record Reconciled : JobEvent;

    /// <summary>Sources and sinks are ready.</summary>
    internal sealed record Prepared(int Round, bool HasCommitters) : JobEvent;

    internal sealed record PreparationFailed(int Round, FailureInfo Failure) : JobEvent;

    internal sealed record SlotsGranted(int Round, ImmutableArray<GrantedSlot> Slots) : JobEvent;

    internal sealed record SlotsRefused(int Round, FailureInfo Failure) : JobEvent;

    /// <summary>A silo has built what it was told to.</summary>
    internal sealed record Deployed(JobEffect.Deploy Order) : JobEvent;

    /// <param name="Order">The order that failed.</param>
    /// <param name="Failure">Why.</param>
    /// <param name="NothingBuilt">False when the silo may have built it all the same.</param>
    /// <param name="LostPartition">What it was to read and is not there, when that is why.</param>
    internal sealed record DeploymentFailed(
        JobEffect.Deploy Order, FailureInfo Failure, bool NothingBuilt, PartitionId? LostPartition = null) : JobEvent;

    /// <summary>Subtasks could not be told to start.</summary>
    /// <param name="Round">Of the order.</param>
    /// <param name="Failure">Why.</param>
    /// <param name="Attempts">Which ones.</param>
    internal sealed record StartFailed(
        int Round, FailureInfo Failure, ImmutableArray<ExecutionAttemptId> Attempts) : JobEvent;

    /// <summary>Finished partitions are not where they were written.</summary>
    internal sealed record PartitionsMissing(ImmutableArray<PartitionId> Partitions, FailureInfo Failure) : JobEvent;

    /// <summary>A subtask reports.</summary>
    internal sealed record Reported(TaskReport Report) : JobEvent;

    /// <param name="Silo">Address of the silo that is gone.</param>
    /// <param name="Name">Its name, for people.</param>
    internal sealed record SiloLost(string Silo, string Name) : JobEvent;

    /// <summary>The job's side of a source failed while subtasks were reading.</summary>
    internal sealed record CoordinationFailed(int Round, FailureInfo Failure) : JobEvent;

    internal sealed record CancelAsked : JobEvent;

    /// <summary>The job's record has been written.</summary>
    internal sealed record RecordWritten(RecordStep Step) : JobEvent;

    /// <summary>Another epoch is in charge.</summary>
    internal sealed record Fenced : JobEvent;

    internal sealed record Committed : JobEvent;

    internal sealed record CommitFailed(FailureInfo Failure) : JobEvent;

    /// <summary>The job's side of the sources has told where a checkpoint begins, or why it cannot.</summary>
    internal sealed record SourcesSnapshotted(
        long Checkpoint, ImmutableArray<SourceSnapshot> Sources, FailureInfo? Failure) : JobEvent;

    /// <summary>What a checkpoint consists of is stored, or why it is not.</summary>
    internal sealed record CheckpointStored(long Checkpoint, FailureInfo? Failure) : JobEvent;

    /// <summary>The order to begin a checkpoint did not reach a silo.</summary>
    internal sealed record CheckpointTriggerFailed(long Checkpoint, FailureInfo Failure) : JobEvent;

    /// <summary>What a checkpoint consists of, or why it cannot be gone on from.</summary>
    internal sealed record CheckpointRead(
        int Round, RetainedCheckpoint Checkpoint, CheckpointMetadata? Metadata, FailureInfo? Failure) : JobEvent;

    /// <summary>What the job was submitted to go on from, or why it cannot.</summary>
    internal sealed record RestoredRead(int Round, CheckpointMetadata? Metadata, FailureInfo? Failure) : JobEvent;

    /// <summary>It is noted that what a checkpoint commits is visible, or could not be: then it is committed again
    /// by whoever goes on from it.</summary>
    internal sealed record CommitMarked(CheckpointReference Checkpoint, bool MayComeLate = false) : JobEvent;

    /// <summary>What a completed checkpoint commits is visible, or why it is not.</summary>
    internal sealed record CheckpointCommitted(long Checkpoint, FailureInfo? Failure) : JobEvent;

    /// <summary>Somebody wants a savepoint.</summary>
    /// <param name="Id">The request; one that is known changes nothing.</param>
    /// <param name="Order">Where it goes and what becomes of the job.</param>
    /// <param name="Patience">How long it may take.</param>
    internal sealed record SavepointAsked(SavepointId Id, SavepointOrder Order, TimeSpan Patience) : JobEvent;

    /// <summary>What a savepoint consists of is stored, or why it is not.</summary>
    internal sealed record SavepointStored(SavepointId Id, FailureInfo? Failure) : JobEvent;

    /// <summary>What there was of a savepoint is removed, or could not be for now.</summary>
    internal sealed record SavepointDiscarded(OpenSavepoint Savepoint, bool IsDone) : JobEvent;

    /// <summary>Subtasks could not be told to go on.</summary>
    /// <param name="Checkpoint">Behind which cut they stand still.</param>
    /// <param name="Failure">Why.</param>
    internal sealed record NotGoingOn(long Checkpoint, FailureInfo Failure) : JobEvent;

    /// <summary>What a round left behind is removed, as far as it could be.</summary>
    internal sealed record Aborted(int Round, FailureInfo? Failure) : JobEvent;

    internal sealed record TimeUp(JobTimer Timer) : JobEvent;
}

/// <summary>A timer of a job. Only the latest number of a kind counts.</summary>
internal readonly record struct JobTimer(JobTimerKind Kind, int Number);

internal enum JobTimerKind
{
    /// <summary>Subtasks, or what was under way, did not end in time.</summary>
    Stop,

    /// <summary>The delay before a restart is over.</summary>
    Restart,

    /// <summary>The delay before another commit is over.</summary>
    Commit,

    /// <summary>The delay before some subtasks run again is over.</summary>
    Rerun,

    /// <summary>Subtasks that were replaced did not end in time.</summary>
    Retire,

    /// <summary>It is time for a checkpoint.</summary>
    Checkpoint,

    /// <summary>A checkpoint takes too long.</summary>
    CheckpointTimeout,

    /// <summary>A savepoint takes too long.</summary>
    Savepoint,
}

/// <summary>Why a job's record is written.</summary>
internal enum RecordStep
{
    /// <summary>The job's own code is about to prepare: it may end the silo.</summary>
    Preparing,

    /// <summary>The job's own code is prepared, and has not ended the silo.</summary>
    Prepared,

    /// <summary>All subtasks have finished, and their results are to become visible.</summary>
    CommitDecided,

    /// <summary>The job's own code is about to make the results visible: it may end the silo.</summary>
    Committing,

    /// <summary>The results could not be made visible; they never will be.</summary>
    CommitGivenUp,

    /// <summary>The job is about to run again.</summary>
    Restarting,

    /// <summary>Some of its subtasks are about to run again.</summary>
    Rerunning,

    /// <summary>A checkpoint is complete: the job goes on from it after a failure.</summary>
    Checkpointed,

    /// <summary>A savepoint is about to begin: there may be files of it from now on.</summary>
    SavepointBegun,

    /// <summary>A savepoint is stored: it belongs to the user from now on.</summary>
    SavepointTaken,

    /// <summary>The job has ended.</summary>
    Ended,
}
