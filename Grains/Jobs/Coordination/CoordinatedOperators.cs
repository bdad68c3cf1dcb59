using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Graph.Async;
using Millrace.Graph.Connecting;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;
using Millrace.Serialization;

namespace Millrace.Jobs.Coordination;

/// <summary>Makes the job's side of the sources and sinks of a program, one operator at a time.</summary>
internal sealed class CoordinatedOperators(
    JobId job, JobSettings settings, SerializerSet serializers, IExecution execution)
    : IOperatorFactory
{
    private int _parallelism;
    private SourceState? _from;

    /// <summary>What was made of the last operator: the job's side of a source, or null.</summary>
    public SourceCoordinator? Coordinator { get; private set; }

    /// <summary>What was made of the last operator: the committer of a sink that has one, or null.</summary>
    public ISinkCommitter? Committer { get; private set; }

    /// <param name="transformation">The operator.</param>
    /// <param name="parallelism">Number of its subtasks.</param>
    /// <param name="from">What a source goes on from, or null.</param>
    public void Make(Transformation transformation, int parallelism, SourceState? from)
    {
        _parallelism = parallelism;
        _from = from;
        Coordinator = null;
        Committer = null;
        transformation.Accept(this);
    }

    void IOperatorFactory.Source<T>(SourceTransformation<T> transformation)
    {
        EnumeratorOf<T> visitor = new(this);
        transformation.Source.Accept(visitor);
        Coordinator = visitor.Made;
    }

    void IOperatorFactory.Sink<T>(SinkTransformation<T> transformation) => Committer =
        transformation.Sink.CreateCommitter(new SinkCommitterContext(job.ToString(), _parallelism, execution.Time)
        {
            WorkingDirectory = settings.WorkingDirectory,
        });

    // Everything else is the subtasks' own business.
    void IOperatorFactory.Elements<T>(ElementsTransformation<T> transformation)
    {
    }

    void IOperatorFactory.Map<TIn, TOut, TFunction>(MapTransformation<TIn, TOut, TFunction> transformation)
    {
    }

    void IOperatorFactory.Filter<T, TFunction>(FilterTransformation<T, TFunction> transformation)
    {
    }

    void IOperatorFactory.AssignTimestamps<T>(TimestampsTransformation<T> transformation)
    {
    }

    void IOperatorFactory.FlatMap<TIn, TOut>(FlatMapTransformation<TIn, TOut> transformation)
    {
    }

    void IOperatorFactory.ExpandMany<TIn, TOut>(ExpandTransformation<TIn, TOut> transformation)
    {
    }

    void IOperatorFactory.KeyedFold<TKey, TIn, TAccumulator, TOut, TFold>(
        KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation)
    {
    }

    void IOperatorFactory.TwoInputs<TLeft, TRight, TOut>(
        TwoInputTransformation<TLeft, TRight, TOut> transformation)
    {
    }

    void IOperatorFactory.Process<TIn, TOut>(ProcessTransformation<TIn, TOut> transformation)
    {
    }

    void IOperatorFactory.Async<TIn, TOut>(AsyncTransformation<TIn, TOut> transformation)
    {
    }

    void IOperatorFactory.Windows<TKey, TIn, TOut>(WindowTransformation<TKey, TIn, TOut> transformation)
    {
    }

    void IOperatorFactory.KeyedProcess<TKey, TIn, TOut>(KeyedProcessTransformation<TKey, TIn, TOut> transformation)
    {
    }

    private sealed class EnumeratorOf<T>(CoordinatedOperators owner) : ISourceVisitor<T>
    {
        public SourceCoordinator? Made { get; private set; }

        public void Visit<TSplit>(Source<T, TSplit> source)
        {
            SplitEnumeratorContext context = new(owner.JobText, owner._parallelism, owner.Execution.Time)
            {
                WorkingDirectory = owner.Settings.WorkingDirectory,
            };
            IReadOnlyList<byte[]> returned =
                owner._from is { } former ? ReturnedSplits.As<TSplit>(former, owner.Serializers) : [];
            Made = new SourceCoordinator<TSplit>(
                owner._from is { } from
                    ? source.RestoreEnumerator(context, from.Enumerator)
                    : source.CreateEnumerator(context),
                owner.Serializers.Get<TSplit>(),
                owner.Execution,
                returned);
        }
    }

    private string JobText => job.ToString();

    private SerializerSet Serializers => serializers;

    private IExecution Execution => execution;

    private JobSettings Settings => settings;
}
