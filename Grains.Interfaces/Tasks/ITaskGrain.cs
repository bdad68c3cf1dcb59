using System.Collections.Immutable;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>The doorbell of one attempt of one subtask. Keyed <c>silo/attempt</c>, pinned to that silo, without state
/// of its own; see <see cref="TaskGrains.TaskOf"/>.</summary>
[Alias("millrace.ITaskGrain")]
public interface ITaskGrain : IGrainWithStringKey
{
    /// <summary>Its counters and state; null when the silo does not know the attempt.</summary>
    [Alias("GetStatus")]
    Task<TaskMetrics?> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Its edges with every channel of theirs; empty when the silo does not know the attempt.</summary>
    [Alias("GetEdges")]
    Task<ImmutableArray<EdgeMetrics>> GetEdgesAsync(CancellationToken cancellationToken);

    /// <summary>Tells it to stop. An attempt the silo does not know is reported as canceled.</summary>
    /// <param name="epoch">Who orders.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Cancel")]
    Task CancelAsync(JobEpoch epoch, CancellationToken cancellationToken);
}
