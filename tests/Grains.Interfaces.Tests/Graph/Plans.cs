using System.Collections.Immutable;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Jobs;

namespace Millrace.Graph;

/// <summary>Plans of small programs.</summary>
internal static class Plans
{
    public static JobGraph Of(Action<StreamExecutionEnvironment> define, int parallelism = 2) =>
        JobGraphBuilder.Build(Program(define), "job", parallelism, ImmutableDictionary<OperatorId, byte[]>.Empty);

    public static StreamGraph Program(Action<StreamExecutionEnvironment> define)
    {
        var environment = new StreamExecutionEnvironment();
        define(environment);
        return StreamGraph.Of(environment);
    }

    /// <summary>Each vertex as name and parallelism.</summary>
    public static string[] Vertices(JobGraph plan) =>
        [.. plan.Vertices.Select(vertex => $"{vertex.Name} x{vertex.Parallelism}")];

    /// <summary>Each edge as its ends and partitioner.</summary>
    public static string[] Edges(JobGraph plan) =>
    [
        .. plan.Edges.Select(edge =>
            $"{plan.Vertex(edge.From).Name} -{edge.Partitioner}-> {plan.Vertex(edge.To).Name}"),
    ];
}

/// <summary>A source that is never read.</summary>
internal sealed class UnreadSource(Boundedness boundedness) : Source<int, int>
{
    public override Boundedness Boundedness => boundedness;

    public override string Name => "Numbers";

    public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) =>
        throw new NotSupportedException();

    public override ISourceReader<int, int> CreateReader(SourceReaderContext context) =>
        throw new NotSupportedException();
}

/// <summary>A function that is never called.</summary>
internal sealed class PassOn : ProcessFunction<int, int>
{
    public override void ProcessElement(int value, Context context, ICollector<int> output) =>
        throw new NotSupportedException();
}

/// <summary>A sink that is never written to.</summary>
internal sealed class UnwrittenSink<T> : Sink<T>
{
    public override string Name => "Nowhere";

    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) => throw new NotSupportedException();
}
