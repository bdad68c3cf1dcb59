using System.Collections.Immutable;
using System.Reflection;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Async;
using Millrace.Graph.Connecting;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;
using Millrace.Serialization;

namespace Millrace.Jobs;

/// <summary>
/// Turns a program into its plan, where it is submitted. Everything that can be refused without a cluster is refused
/// here.
/// </summary>
public static class JobCompiler
{
    /// <summary>Most bytes of records given in a program: they travel with the plan.</summary>
    public const int MaxElementBytes = 16 * 1024 * 1024;

    private static readonly MethodInfo RequireKeyMethod =
        typeof(JobCompiler).GetMethod(nameof(RequireKey), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Compiles what was defined on an environment.</summary>
    /// <param name="environment">The environment after the program's <c>Define</c>.</param>
    /// <param name="name">The job's name, when the program gives none.</param>
    /// <param name="defaultParallelism">For operators of which the program does not say it; from 1.</param>
    /// <exception cref="StreamingException">The program cannot run; the message says what and why.</exception>
    public static JobGraph Compile(StreamExecutionEnvironment environment, string name, int defaultParallelism)
    {
        ArgumentNullException.ThrowIfNull(environment);
        StreamGraph graph = StreamGraph.Of(environment);
        RequireSerializable(graph);
        var elements = new ElementBytes(new SerializerSet(environment.Serializers));
        foreach (StreamNode node in graph.Nodes)
        {
            elements.Collect(node);
        }

        return JobGraphBuilder.Build(graph, name, defaultParallelism, elements.ToImmutable());
    }

    // Also what is chained now: another parallelism would break the chain, and must not break the job.
    private static void RequireSerializable(StreamGraph graph)
    {
        SerializerRegistrations registrations = graph.Environment.Serializers;
        var serializers = new SerializerSet(registrations);
        foreach (StreamNode node in graph.Nodes)
        {
            try
            {
                foreach (Type type in node.Transformation.RecordTypes)
                {
                    TypeShape.Of(type, registrations);
                }

                foreach (Type type in node.Transformation.StateKeyTypes)
                {
                    RequireKeyType(type, serializers);
                }

                foreach (StreamEdge edge in node.Inputs)
                {
                    if (edge.Side is ISideOutput side)
                    {
                        TypeShape.Of(side.RecordType, registrations);
                    }

                    if (edge.Partition?.KeyType is Type key)
                    {
                        RequireKeyType(key, serializers);
                    }
                }
            }
            catch (UnsupportedTypeException exception)
            {
                throw new InvalidProgramGraphException(
                    $"Operator '{node.Transformation.Name}': {exception.Message}", exception);
            }
        }
    }

    private static void RequireKeyType(Type key, SerializerSet serializers) => RequireKeyMethod
        .MakeGenericMethod(key).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [serializers], null);

    private static void RequireKey<TKey>(SerializerSet serializers) => serializers.GetKeyHasher<TKey>();

    /// <summary>Serializes the records given in the program.</summary>
    private sealed class ElementBytes(SerializerSet serializers) : IOperatorFactory
    {
        private readonly ImmutableDictionary<OperatorId, byte[]>.Builder _bytes =
            ImmutableDictionary.CreateBuilder<OperatorId, byte[]>();

        private OperatorId _current;
        private long _total;

        public void Collect(StreamNode node)
        {
            _current = node.Id;
            node.Transformation.Accept(this);
        }

        public ImmutableDictionary<OperatorId, byte[]> ToImmutable() => _bytes.ToImmutable();

        public void Elements<T>(ElementsTransformation<T> transformation)
        {
            TypeSerializer<T> serializer = serializers.Get<T>();
            using var writer = new RecordWriter();
            writer.WriteInt32(transformation.Elements.Count);
            foreach (T element in transformation.Elements)
            {
                serializer.Write(writer, in element);
                if (_total + writer.Length > MaxElementBytes)
                {
                    throw new InvalidProgramGraphException(
                        $"'{transformation.Name}': the records given in the program take more than " +
                        $"{MaxElementBytes} bytes; " +
                        "they travel with the plan. Put them into a file and read it with FileSource.");
                }
            }

            _total += writer.Length;
            _bytes.Add(_current, writer.WrittenSpan.ToArray());
        }

        public void Source<T>(SourceTransformation<T> transformation)
        {
        }

        public void Map<TIn, TOut, TFunction>(MapTransformation<TIn, TOut, TFunction> transformation)
            where TFunction : IMapFunction<TIn, TOut>
        {
        }

        public void Filter<T, TFunction>(FilterTransformation<T, TFunction> transformation)
            where TFunction : IFilterFunction<T>
        {
        }

        public void AssignTimestamps<T>(TimestampsTransformation<T> transformation)
        {
        }

        public void FlatMap<TIn, TOut>(FlatMapTransformation<TIn, TOut> transformation)
        {
        }

        public void ExpandMany<TIn, TOut>(ExpandTransformation<TIn, TOut> transformation)
        {
        }

        public void KeyedFold<TKey, TIn, TAccumulator, TOut, TFold>(
            KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation)
            where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>
        {
        }

        public void Process<TIn, TOut>(ProcessTransformation<TIn, TOut> transformation)
        {
        }

        public void Async<TIn, TOut>(AsyncTransformation<TIn, TOut> transformation)
        {
        }

        public void Windows<TKey, TIn, TOut>(WindowTransformation<TKey, TIn, TOut> transformation)
        {
        }

        public void KeyedProcess<TKey, TIn, TOut>(KeyedProcessTransformation<TKey, TIn, TOut> transformation)
        {
        }

        public void TwoInputs<TLeft, TRight, TOut>(TwoInputTransformation<TLeft, TRight, TOut> transformation)
        {
        }

        public void Sink<T>(SinkTransformation<T> transformation)
        {
        }
    }
}
