using Millrace.Batches;
using Millrace.Failures;
using Millrace.Jobs.Coordination;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <content>Sources that wait for each other.</content>
internal sealed partial class JobDriver
{
    private readonly AlignedSources _aligned = new();

    /// <summary>A source tells how far it is.</summary>
    /// <returns>How far the slowest of its group is.</returns>
    /// <exception cref="StaleEpochException">Whoever deployed it is not in charge any more.</exception>
    public long Align(AlignmentReport report)
    {
        if (IsStale(report.Epoch))
        {
            return RecordBatch.NoWatermark;
        }

        if (report.Epoch != _epoch)
        {
            throw new StaleEpochException(Submission.Job, report.Epoch, _epoch);
        }

        // It will soon be told to stop.
        return _master.Graph.Find(report.Attempt) is null ? RecordBatch.NoWatermark : _aligned.Align(report);
    }
}
