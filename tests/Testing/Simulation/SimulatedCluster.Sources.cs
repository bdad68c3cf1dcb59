using Millrace.Connectors;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Jobs.Coordination;
using Millrace.Jobs.Master;
using Millrace.Tasks;

namespace Millrace.Simulation;

/// <content>What sources ask of the job's side. Questions and answers take their time.</content>
internal sealed partial class SimulatedCluster
{
    private readonly AlignedSources _aligned = new();

    public async Task<SplitAnswer> RequestSplitAsync(
        JobEpoch epoch,
        ExecutionAttemptId attempt,
        OperatorId source,
        long checkpoint,
        CancellationToken cancellationToken)
    {
        long number = _splits.GetValueOrDefault((attempt, source));
        await _simulation.DelayAsync(TimeSpan.FromMicroseconds(_simulation.Next(3_000)), cancellationToken);
        if (_master.Graph.Find(attempt) is null)
        {
            return new SplitAnswer(SplitAssignmentKind.NotNow, null);
        }

        (SplitAnswer? answer, FailureInfo? failure) = await _coordination.NextSplitAsync(
            new SplitRequest(epoch, attempt, source, number, checkpoint), TimeSpan.FromSeconds(1), cancellationToken);
        if (answer?.Kind == SplitAssignmentKind.Assigned)
        {
            _splits[(attempt, source)] = number + 1;
            await _simulation.DelayAsync(TimeSpan.FromMicroseconds(_simulation.Next(3_000)), cancellationToken);
        }

        if (failure is not null)
        {
            Tell(new JobEvent.CoordinationFailed(_master.Round, failure));
        }

        return answer ?? new SplitAnswer(SplitAssignmentKind.NotNow, null);
    }

    public async Task<long> AlignAsync(AlignmentReport report, CancellationToken cancellationToken)
    {
        await _simulation.DelayAsync(TimeSpan.FromMicroseconds(_simulation.Next(3_000)), cancellationToken);
        long least = _aligned.Align(report);
        await _simulation.DelayAsync(TimeSpan.FromMicroseconds(_simulation.Next(3_000)), cancellationToken);
        return least;
    }

    private void EndAligned(TaskReport report)
    {
        if (report.State.IsTerminal())
        {
            _aligned.End(report.Attempt);
        }
    }
}
