using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>Which checkpoint the job goes on from, and what happens when it is damaged.</content>
internal sealed partial class JobMaster
{
    private bool _hasEnded;
    private CheckpointReference? _resumedFrom;

    // What the job was submitted to go on from, once it is read; no checkpoint of its own.
    private CheckpointMetadata? _restored;

    private bool HasCheckpoint =>
        _latest is not null || _completed.Latest is not null || _submission.Restore is not null;

    private static bool IsDamage(FailureInfo failure) =>
        failure.TypeName == typeof(CheckpointCorruptedException).FullName;

    private void RunAgain()
    {
        _history.SetRoot(null);
        _goal = JobGoal.Finish;
        if (_latest is null && _completed.Latest is { } candidate)
        {
            _phase = JobPhase.ChoosingCheckpoint;
            Do(new JobEffect.ReadCheckpoint(Round, candidate));
            return;
        }

        if (_latest is null && _restored is null && _submission.Restore is not null)
        {
            _phase = JobPhase.ChoosingCheckpoint;
            Do(new JobEffect.ReadRestored(Round));
            return;
        }

        _latest ??= _restored;
        Prepare(toCommit: false);
    }

    // By whoever takes over before the job has a checkpoint of its own.
    private void RestoredRead(JobEvent.RestoredRead read)
    {
        if (read.Failure is { } failure)
        {
            EndForGood(failure);
            return;
        }

        _restored = read.Metadata;
        RunAgain();
    }

    private void CheckpointRead(JobEvent.CheckpointRead read)
    {
        if (read.Metadata is { } metadata)
        {
            // What an earlier one commits was committed before the next one began.
            bool isFormer = _completed.Findings.Any();
            _latest = isFormer ? metadata with { Committables = [] } : metadata;
            if (isFormer)
            {
                Note(new CheckpointNote.FellBack(metadata.Number, _completed.HasPassedCommits));
            }

            Prepare(toCommit: false);
            return;
        }

        FailureInfo failure = read.Failure!;
        if (!IsDamage(failure))
        {
            Fail(failure);
            return;
        }

        _history.Add(failure, null);
        if (PassOver(read.Checkpoint, failure) is { } ending)
        {
            EndForGood(ending);
            return;
        }

        RunAgain();
    }

    // A silo found it when it was to build subtasks from it, or later when it read on; several may find it at a time.
    private void CheckpointDamaged(FailureInfo damage, ExecutionAttemptId? attempt)
    {
        bool isAtWork = _phase
            is JobPhase.Preparing or JobPhase.RequestingSlots or JobPhase.Deploying or JobPhase.Running;
        if (!isAtWork && (_phase != JobPhase.Stopping || _goal != JobGoal.Restart))
        {
            return;
        }

        CheckpointReference? damaged =
            attempt is { } found && _graph.Find(found)?.From is { } own ? own : _resumedFrom;
        if (_latest is not { } latest || latest.Reference != damaged)
        {
            // The job has a later one by now, or has passed over it already: where it stops, it goes on from that.
            if (isAtWork)
            {
                _history.SetRoot(damage);
                Stop(MayRestart(damage with { Recovery = Recovery.Restart }) ? JobGoal.Restart : JobGoal.Fail);
            }

            return;
        }

        _latest = null;
        RetainedCheckpoint? retained = _completed.Kept.FirstOrDefault(one => one.Reference == damaged);
        if (PassOver(retained, damage) is { } ending)
        {
            EndForGood(ending);
            return;
        }

        if (isAtWork)
        {
            // A restart was granted already; this is the same one.
            _history.SetRoot(damage);
            _restartDelay = TimeSpan.Zero;
            Stop(JobGoal.Restart);
        }
    }

    /// <returns>Why the job cannot go on from the one before; null when it can.</returns>
    private FailureInfo? PassOver(RetainedCheckpoint? damaged, FailureInfo finding)
    {
        if (damaged is not null)
        {
            _completed.Discard(damaged.Reference, $"Checkpoint {damaged.Number}: {finding.Message}");
            Note(new CheckpointNote.Damaged(damaged.Number, finding));
        }

        _checkpoints.GoBackTo(_completed.Latest);
        List<string> findings = [.. _completed.Findings];
        if (damaged is null)
        {
            findings.Add(finding.Message);
        }

        CheckpointFallback fallback = _checkpoints.Settings.Fallback;
        if (_completed.Latest is { } next)
        {
            if (fallback == CheckpointFallback.Always
                || (fallback == CheckpointFallback.WhenExact && !_completed.HasPassedCommits))
            {
                return null;
            }

            findings.Add(fallback == CheckpointFallback.Never
                ? $"Checkpoint {next.Number} is not used, as the job says (Fallback = Never)."
                : $"Checkpoint {next.Number} is not used: sinks have made results visible with later ones, which would "
                    + "appear twice. Fallback = Always of the job's checkpoint settings allows that.");
        }

        return FailureInfo.Of(new CheckpointsUnusableException(findings));
    }

    private void EndForGood(FailureInfo ending)
    {
        _history.Add(ending, null);
        _history.SetRoot(ending);
        if (_phase == JobPhase.Stopping)
        {
            _goal = JobGoal.Fail;
            Become(JobStatus.Failing);
            return;
        }

        Stop(JobGoal.Fail);
    }

    /// <summary>What becomes of the checkpoints when the job has ended.</summary>
    private CheckpointGarbage? AtTheEnd(JobStatus end)
    {
        if (!IsPeriodic && _completed.Latest is null)
        {
            return null;
        }

        bool keepsCanceled = _checkpoints.Settings.RetainOnCancellation;
        if (end == JobStatus.Finished || (end == JobStatus.Canceled && !keepsCanceled))
        {
            return new CheckpointGarbage([], [], long.MaxValue);
        }

        // Somebody may want to look at damaged ones, and what they are built of is not known.
        return _completed.Findings.Any() ? null : _completed.Rest();
    }

    // What a checkpoint that was given up is writing would be left behind.
    private void EndUnlessStoring()
    {
        if (_storing is null && !_savepoints.AreStoring)
        {
            End();
            return;
        }

        SetTimer(JobTimerKind.Stop, ++_stops, _stopPatience);
    }

    private void End()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            // Like a checkpoint of its own.
            bool keepsClaimed = Status == JobStatus.Failed
                || (Status == JobStatus.Canceled && _checkpoints.Settings.RetainOnCancellation);
            if (!keepsClaimed)
            {
                RemoveClaimed();
            }

            Do(new JobEffect.End(AtTheEnd(Status)));
        }
    }

    private void Note(CheckpointNote note) => Do(new JobEffect.NoteCheckpoint(note));
}
