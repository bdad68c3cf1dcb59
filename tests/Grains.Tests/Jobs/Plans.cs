using System.Collections.Immutable;
using Millrace.Graph;

namespace Millrace.Jobs;

/// <summary>Plans for tests, written as one would draw them.</summary>
internal static class Plans
{
    public static readonly JobId Job = new(new Id128(7, 7));

    /// <summary>Vertices in topological order, named by letters.</summary>
    /// <param name="vertices">Name, parallelism and slot sharing group.</param>
    /// <param name="edges">From, to and how.</param>
    public static JobGraph Of(
        (string Name, int Parallelism, string Group)[] vertices,
        params (string From, string To, PartitionerKind How)[] edges) => new(
            "test",
            new JobSettings(
                RuntimeMode.Streaming, TimeSpan.FromMilliseconds(10), null, false, "/somewhere", TimeSpan.Zero),
            [.. vertices.Select((vertex, index) => new JobVertex(
                VertexOf(vertex.Name),
                vertex.Name,
                vertex.Parallelism,
                Math.Max(128, vertex.Parallelism),
                vertex.Group,
                [OperatorOf(vertex.Name, RoleOf(index, vertices.Length))]))],
            [.. edges.Select((edge, index) => new JobEdge(
                index, VertexOf(edge.From), OperatorIdOf(edge.From), VertexOf(edge.To), 0, edge.How))],
            [],
            ImmutableDictionary<OperatorId, byte[]>.Empty,
            []);

    /// <summary>A source and a sink, joined by hash.</summary>
    public static JobGraph TwoStages(int sources, int sinks) => Of(
        [("source", sources, "default"), ("sink", sinks, "default")],
        ("source", "sink", PartitionerKind.Hash));

    public static JobSubmission Submission(JobGraph graph, RestartSettings? restart = null) => new(
        Job,
        new ProgramReference(ProgramKind.InProcess, "test", "Test"),
        [],
        graph,
        restart ?? RestartSettings.None);

    public static VertexId VertexOf(string name) => new(IdOf(name));

    public static OperatorId OperatorIdOf(string name) => new(IdOf(name));

    private static Id128 IdOf(string name) =>
        new(1, name.Aggregate(17UL, static (hash, letter) => unchecked((hash * 31) + letter)));

    private static JobOperator OperatorOf(string name, OperatorRole role) =>
        new(OperatorIdOf(name), name, role.ToString(), null, "int", role);

    private static OperatorRole RoleOf(int index, int count) =>
        index == 0 ? OperatorRole.Source : index == count - 1 ? OperatorRole.Sink : OperatorRole.Inner;
}
