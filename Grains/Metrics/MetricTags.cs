namespace Millrace.Metrics;

/// <summary>What measurements are told apart by; docs/metrics.md says what stands in them.</summary>
internal static class MetricTags
{
    public const string Job = "job";
    public const string JobName = "job.name";
    public const string Vertex = "vertex";
    public const string Operator = "operator";
    public const string Subtask = "subtask";
    public const string Silo = "silo";
    public const string Edge = "edge";
    public const string End = "end";
}
