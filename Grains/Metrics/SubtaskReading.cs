using Millrace.Tasks;

namespace Millrace.Metrics;

/// <summary>What one subtask shows at one moment.</summary>
/// <param name="Tags">Which subtask; the same array each time.</param>
/// <param name="Figures">Of the subtask.</param>
/// <param name="Edges">Of each of its edges, without channels.</param>
internal sealed record SubtaskReading(
    KeyValuePair<string, object?>[] Tags, TaskMetrics Figures, IReadOnlyList<EdgeMetrics> Edges);
