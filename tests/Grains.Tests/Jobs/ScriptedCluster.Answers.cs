using Millrace.Jobs.Master;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <content>What silos, sinks and the record make of orders.</content>
internal sealed partial class ScriptedCluster
{
    private void Deploy(JobEffect.Deploy order)
    {
        Require(order.Attempts.All(attempt => attempt.Attempt == order.Round), "a list of another round");
        Require(order.List.Epoch == _epoch, "a list of another epoch");
        foreach (ExecutionAttemptId attempt in order.Attempts)
        {
            int last = _deployed.GetValueOrDefault((attempt.Vertex, attempt.Subtask), -1);
            Require(attempt.Attempt > last, $"{attempt} after attempt {last}");
            _deployed[(attempt.Vertex, attempt.Subtask)] = attempt.Attempt;
            Require(_hasGivenUp || !Stands(attempt), $"{attempt} before another attempt of it has ended");
        }

        Later("deploy arrives", () =>
        {
            int luck = _troubles.FailDeployment ? _random.Next(10) : 9;
            bool built = luck > 1 && _silos[order.Silo].TryBuild(order.Attempts);
            if (!_silos[order.Silo].IsAlive)
            {
                Later("answer to deploy", () => Post(new JobEvent.SiloLost(order.Silo, order.Silo)));
                return;
            }

            // Luck 2: it was built, and the answer was lost.
            Later("answer to deploy", () => Post(built && luck != 2
                ? new JobEvent.Deployed(order)
                : new JobEvent.DeploymentFailed(order, Failure("not built"), NothingBuilt: !built && luck > 0)));
        });
    }

    private bool Stands(ExecutionAttemptId next) => _silos.Values.Where(silo => silo.IsAlive)
        .SelectMany(silo => silo.Tasks)
        .Any(task => task.Value == TaskStage.Running
            && task.Key.Vertex == next.Vertex
            && task.Key.Subtask == next.Subtask);

    private void Start(JobEffect.Start order)
    {
        foreach (ExecutionAttemptId attempt in _silos[order.Silo].Start(order.Attempts))
        {
            Report(new TaskReport(attempt, ExecutionState.Running, null, null));
            Later("report", () => End(attempt, Finished(attempt)));
        }
    }

    private void Cancel(JobEffect.Cancel order)
    {
        if (!_silos[order.Silo].IsAlive)
        {
            return;
        }

        foreach (ExecutionAttemptId attempt in order.Attempts)
        {
            End(attempt, new TaskReport(attempt, ExecutionState.Canceled, null, null));
        }
    }

    // What has ended, or was never there, says so again: as silos do.
    private void End(ExecutionAttemptId attempt, TaskReport report)
    {
        ScriptedSilo? silo = _silos.Values.FirstOrDefault(silo => silo.Tasks.ContainsKey(attempt));
        if (silo is { IsAlive: false })
        {
            return;
        }

        if (silo is null && report.State == ExecutionState.Canceled)
        {
            Report(report);
        }
        else if (silo?.TryEnd(attempt) == true)
        {
            Report(report);
            if (_random.Next(5) == 0)
            {
                Report(report);
            }
        }
    }

    private void Report(TaskReport report)
    {
        JobEpoch epoch = _epoch;
        Later("report", () =>
        {
            if (epoch == _epoch)
            {
                Post(new JobEvent.Reported(report));
            }
        });
    }

    private void Release(JobEpoch epoch)
    {
        if (epoch == _epoch)
        {
            _slots.Clear();
        }
    }

    private void Write(JobRecordChange change)
    {
        Require(_record?.Status.IsTerminal() != true, "a record is written after the end");
        Require(change.Step != RecordStep.Ended || change.Status.IsTerminal(), "an end that is none");
        Require(
            change.Step != RecordStep.Ended || change.Details?.Status == change.Status, "an end without its details");
        _record = change;
        Post(new JobEvent.RecordWritten(change.Step));
    }

    private void Commit(JobEffect.Commit commit)
    {
        Require(_preparedNow, "a commit without committers");
        Require(_record?.Step is RecordStep.CommitDecided or RecordStep.Committing, "a commit that is not decided");
        Require(_record?.IsCommitting == true, "a commit that the next one in charge would not know of");
        int[] rounds = [.. commit.Committables.SelectMany(sink => sink.Items).Select(item => (int)item[0]).Distinct()];
        Require(_isRegional || rounds.Length == 1, "a commit of several rounds");
        int subtasks = _submission.Graph.Vertices[^1].Parallelism;
        (int Subtask, int Attempt)[] parts =
        [
            .. commit.Committables.SelectMany(sink => sink.Items).Select(item => ((int)item[1], (int)item[0])).Order(),
        ];
        Require(
            parts.Select(part => part.Subtask).SequenceEqual(Enumerable.Range(0, subtasks)), "a commit of a part");

        // What is visible already needs no room on a disk, whoever commits it again.
        int committed = parts.Aggregate(0, static (sum, part) => (sum * 64) + part.Attempt);
        if (_troubles.FailCommit && !_committed.Contains(committed) && _random.Next(3) == 0)
        {
            Post(new JobEvent.CommitFailed(Failure("disk full")));
            return;
        }

        _committed.Add(committed);
        Post(new JobEvent.Committed());
    }

    private void Abort(JobEffect.Abort abort)
    {
        Require(_committed.Count == 0, "committed results are removed");
        bool writes = _silos.Values.Any(silo => silo.IsAlive && silo.Tasks.ContainsValue(TaskStage.Running));
        Require(!writes || _hasGivenUp, "results are removed while subtasks still write");
        Require(
            _record?.Step is not (RecordStep.CommitDecided or RecordStep.Committing),
            "results are removed that are still to be committed");
        _preparedNow = false;
        Post(new JobEvent.Aborted(abort.Round, _random.Next(10) == 0 ? Failure("left behind") : null));
    }
}
