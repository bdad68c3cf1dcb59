using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <content>What happens to the job, and what it ordered.</content>
public sealed partial class JobMasterRegionTests
{
    private void Complete(long checkpoint)
    {
        Trigger();
        Post(new JobEvent.SourcesSnapshotted(checkpoint, [], null));
        foreach (ExecutionAttemptId attempt in Attempts())
        {
            Part(attempt, checkpoint);
        }

        Post(new JobEvent.CheckpointStored(checkpoint, null));
    }

    private void Restarted(int subtask)
    {
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Ended("source", subtask, 0);
        DelayOver();
        JobEffect.Deploy deploy = Taken<JobEffect.Deploy>().Single();
        Post(new JobEvent.Deployed(deploy));
        Run(deploy.Attempts);
    }

    private void Run(IEnumerable<ExecutionAttemptId> attempts)
    {
        foreach (ExecutionAttemptId attempt in attempts.ToArray())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Running, null, null)));
        }
    }

    private void Trigger()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Post(new JobEvent.TimeUp(_turn));
    }

    private void DelayOver()
    {
        foreach (JobEffect.SetTimer timer in
            Taken<JobEffect.SetTimer>().Where(set => set.Timer.Kind == JobTimerKind.Rerun))
        {
            Post(new JobEvent.TimeUp(timer.Timer));
        }
    }

    private void Fail(string vertex, int subtask) => Post(new JobEvent.Reported(new TaskReport(
        Id(vertex, subtask, 0), ExecutionState.Failed, Failure($"{vertex} {subtask}"), null)));

    private void Ended(string vertex, int subtask, int attempt) => Post(new JobEvent.Reported(new TaskReport(
        Id(vertex, subtask, attempt), ExecutionState.Canceled, null, null)));

    private void Part(string vertex, int subtask, int attempt, long checkpoint) =>
        Part(Id(vertex, subtask, attempt), checkpoint);

    private void Part(ExecutionAttemptId attempt, long checkpoint) => Post(new JobEvent.Reported(new TaskReport(
        attempt,
        ExecutionState.Running,
        null,
        null,
        Checkpoint: new SubtaskCheckpoint(
            checkpoint,
            new StateHandle(null, [], 0, 0),
            Failure: null,
            attempt.Vertex == Plans.VertexOf("sink")
                ? [new OperatorCommittables(
                    Plans.OperatorIdOf("sink"),
                    [[(byte)attempt.Subtask, (byte)attempt.Attempt, (byte)checkpoint]])]
                : [],
            Received: null))));

    private IEnumerable<ExecutionAttemptId> Attempts() => _master.Graph.All.Select(execution => execution.Id);

    private int[] AttemptsOf(string vertex) =>
        [.. Attempts().Where(one => one.Vertex == Plans.VertexOf(vertex)).Select(one => one.Attempt)];

    private static ExecutionAttemptId Id(string vertex, int subtask, int attempt) =>
        new(Plans.Job, Plans.VertexOf(vertex), subtask, attempt);

    private static GrantedSlot Slot(string silo, int index = 0) => new(new SiloEndpoint(silo, "x:1"), silo, index);

    private static FailureInfo Failure(string text) => FailureInfo.Of(new IOException(text));

    // What was ordered so far of a kind; each is told once.
    private T[] Taken<T>()
        where T : JobEffect
    {
        T[] taken = [.. _effects.OfType<T>()];
        _effects.RemoveAll(effect => effect is T);
        return taken;
    }

    private void Post(JobEvent happened)
    {
        foreach (JobEffect effect in _master.Step(happened))
        {
            _effects.Add(effect);
            _turn = effect is JobEffect.SetTimer { Timer: { Kind: JobTimerKind.Checkpoint } turn } ? turn : _turn;
        }
    }
}
