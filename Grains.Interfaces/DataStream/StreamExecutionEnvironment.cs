using System.Runtime.CompilerServices;
using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.DataStream;

/// <summary>Collects the transformations of one program, with the settings that hold for all of them.</summary>
/// <remarks>Not thread-safe: a program's <c>Define</c> runs on one thread.</remarks>
public sealed class StreamExecutionEnvironment
{
    private readonly List<Transformation> _transformations = [];
    private readonly Dictionary<(Transformation Operator, string Id), Type> _sideOutputs = [];

    /// <summary>
    /// Number of subtasks of an operator that does not say its own, or null to leave it to the submission.
    /// </summary>
    public int? Parallelism { get; private set; }

    /// <summary>Number of key groups, and so the largest parallelism of keyed operators. Default 128; 1 to 32,768.
    /// Fixed for the life of a job's state.</summary>
    public int MaxParallelism { get; private set; } = 128;

    /// <summary>How records travel between chains in <see cref="Graph.RuntimeMode.Batch"/>; in streaming mode they are
    /// always passed on at once. Default <see cref="ExchangeKind.Blocking"/>.</summary>
    public ExchangeKind BatchExchange { get; private set; } = ExchangeKind.Blocking;

    /// <summary>How results are produced. Default <see cref="RuntimeMode.Automatic"/>.</summary>
    public RuntimeMode RuntimeMode { get; private set; } = RuntimeMode.Automatic;

    /// <summary>
    /// Longest time a record waits in a batch that is not full while the producer is busy. Default 10 ms.
    /// </summary>
    public TimeSpan BufferTimeout { get; private set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>From one periodic watermark to the next. Default 200 ms.</summary>
    public TimeSpan AutoWatermarkInterval { get; private set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Most records of a batch, or null for the default (1,024 within the byte budget of an output).</summary>
    public int? BatchSize { get; private set; }

    /// <summary>How checkpoints are taken in streaming mode; null when none are.</summary>
    public CheckpointSettings? Checkpoints { get; private set; }

    /// <summary>What keyed state is kept in, in streaming mode; null to leave it to the silos
    /// (<c>Millrace:State:Backend</c>).</summary>
    public StateBackend? StateBackend { get; private set; }

    /// <summary>What the job does after a failure. When null, a job with checkpoints is restarted as <see
    /// cref="RestartSettings.Backoff"/> says by default, and another one fails.</summary>
    public RestartSettings? RestartStrategy { get; private set; }

    /// <summary>What the job goes on from, where whoever runs it does not say; null for a job that begins.</summary>
    public RestoreSettings? Restore { get; private set; }

    /// <summary>Whether records are copied between operators.</summary>
    public bool CopiesOnEmit { get; private set; }

    /// <summary>Whether operators may share subtasks. Default true.</summary>
    public bool ChainingEnabled { get; private set; } = true;

    /// <summary>Name of the job, or null for that of the program's class.</summary>
    public string? JobName { get; private set; }

    /// <summary>Serializers the program brings along.</summary>
    internal SerializerRegistrations Serializers { get; } = new();

    /// <summary>All transformations in the order they were made.</summary>
    internal IReadOnlyList<Transformation> Transformations => _transformations;

    /// <summary>A stream of the given records, from one subtask.</summary>
    /// <param name="elements">As for <see cref="FromCollection"/>.</param>
    public DataStream<T> FromElements<T>(params T[] elements) => FromCollection(elements);

    /// <summary>A stream of the records of a collection, from one subtask, in their order.</summary>
    /// <param name="elements">Gone through once, now: later changes of the collection are not seen. The records
    /// themselves are turned into bytes when the program is submitted, at most 16 MB in one program, as they travel
    /// with the plan; an object among them is not to be changed until then. Every attempt reads those bytes.</param>
    public DataStream<T> FromCollection<T>(IEnumerable<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return Add(new ElementsTransformation<T>([.. elements]));
    }

    /// <summary>A stream of what a source reads.</summary>
    public DataStream<T> FromSource<T>(Source<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Add(new SourceTransformation<T>(source));
    }

    /// <summary>A stream of what a source reads, in event time.</summary>
    /// <param name="source">Where records come from. The timestamps it gives them are taken over, unless the strategy
    /// assigns others.</param>
    /// <param name="strategy">Where timestamps come from and when time moves on; each split has a time of its own where
    /// the source's reader tells splits apart.</param>
    public DataStream<T> FromSource<T>(Source<T> source, WatermarkStrategy<T> strategy)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(strategy);
        return Add(new SourceTransformation<T>(source, strategy));
    }

    /// <summary>Sets the number of subtasks of operators that do not say their own.</summary>
    /// <param name="parallelism">From 1.</param>
    /// <exception cref="InvalidProgramGraphException">It is less.</exception>
    public StreamExecutionEnvironment SetParallelism(int parallelism)
    {
        if (parallelism < 1)
        {
            throw new InvalidProgramGraphException(
                $"The program cannot run with parallelism {parallelism}: at least 1 is needed.");
        }

        Parallelism = parallelism;
        return this;
    }

    /// <summary>Sets the number of key groups.</summary>
    /// <param name="maxParallelism">1 to 32,768.</param>
    /// <exception cref="InvalidProgramGraphException">It lies outside these bounds.</exception>
    public StreamExecutionEnvironment SetMaxParallelism(int maxParallelism)
    {
        if (maxParallelism is < 1 or > KeyGroupAssignment.MaxKeyGroups)
        {
            throw new InvalidProgramGraphException(
                $"The program cannot have {maxParallelism} key groups (its max parallelism): from 1 to " +
                $"{KeyGroupAssignment.MaxKeyGroups} are possible.");
        }

        MaxParallelism = maxParallelism;
        return this;
    }

    /// <summary>Sets how records travel between chains in <see cref="Graph.RuntimeMode.Batch"/>.</summary>
    /// <param name="exchange"><see cref="ExchangeKind.Blocking"/> for one stage after the other, in as few slots as
    /// there are; <see cref="ExchangeKind.Pipelined"/> for all of them at the same time, as in streaming mode. An input
    /// that is broadcast beside one that is not is always complete before anything reads it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is neither.</exception>
    public StreamExecutionEnvironment SetBatchExchange(ExchangeKind exchange)
    {
        RequireDefined(exchange);
        BatchExchange = exchange;
        return this;
    }

    /// <summary>Sets how results are produced.</summary>
    /// <param name="mode">One of the modes there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of them.</exception>
    public StreamExecutionEnvironment SetRuntimeMode(RuntimeMode mode)
    {
        RequireDefined(mode);
        RuntimeMode = mode;
        return this;
    }

    /// <summary>Sets the longest time a record waits in a batch that is not full.</summary>
    /// <param name="timeout">Zero (each round of the loop flushes) to 1 minute.</param>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside these bounds.</exception>
    public StreamExecutionEnvironment SetBufferTimeout(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromMinutes(1));
        BufferTimeout = timeout;
        return this;
    }

    /// <summary>Sets how often sources and operators that make watermarks emit them.</summary>
    /// <param name="interval">Zero (behind each batch) to 1 day.</param>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside these bounds.</exception>
    public StreamExecutionEnvironment SetAutoWatermarkInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(1));
        AutoWatermarkInterval = interval;
        return this;
    }

    /// <summary>Sets the most records of a batch; for tests and measurements, the default is right otherwise.</summary>
    /// <param name="records">1 to 65,536.</param>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside these bounds.</exception>
    public StreamExecutionEnvironment SetBatchSize(int records)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(records);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records, 65_536);
        BatchSize = records;
        return this;
    }

    /// <summary>Has the job take checkpoints, in streaming mode: after a failure it goes on from the latest complete
    /// one, and what its sinks have made visible is as if nothing had failed.</summary>
    /// <param name="interval">From the beginning of one checkpoint to the next one: 10 ms to 1 day.</param>
    /// <param name="configure">Changes the other settings; the defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its bounds.</exception>
    public StreamExecutionEnvironment EnableCheckpointing(
        TimeSpan interval, Func<CheckpointSettings, CheckpointSettings>? configure = null)
    {
        CheckpointSettings settings = new(interval);
        Checkpoints = (configure?.Invoke(settings) ?? settings).Checked();
        return this;
    }

    /// <summary>Sets what keyed state is kept in, in streaming mode; it may be changed from one run to the next, with
    /// the same checkpoints and savepoints. In batch mode, state is that of one key at a time, in memory.</summary>
    /// <param name="backend">One of the backends there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of them.</exception>
    public StreamExecutionEnvironment SetStateBackend(StateBackend backend)
    {
        RequireDefined(backend);
        StateBackend = backend;
        return this;
    }

    /// <summary>Sets what the job does after a failure that running again could help against.</summary>
    /// <param name="strategy">Such as <see cref="RestartSettings.FixedDelay"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the strategy lies outside its bounds.</exception>
    public StreamExecutionEnvironment SetRestartStrategy(RestartSettings strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        RestartStrategy = strategy.Checked();
        return this;
    }

    /// <summary>Lets the job go on from a savepoint, or from a checkpoint that was kept, unless whoever runs it says
    /// something else (<c>millrace run -s</c>).</summary>
    /// <param name="restore">From what, and how; a relative path counts from where the program is started.</param>
    public StreamExecutionEnvironment RestoreFrom(RestoreSettings restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        ArgumentException.ThrowIfNullOrWhiteSpace(restore.Path);
        Restore = restore;
        return this;
    }

    /// <summary>
    /// Copies every record that is handed from operator to operator, for programs that change records after emitting
    /// them.
    /// </summary>
    public StreamExecutionEnvironment CopyOnEmit()
    {
        CopiesOnEmit = true;
        return this;
    }

    /// <summary>Runs each operator in subtasks of its own.</summary>
    public StreamExecutionEnvironment DisableOperatorChaining()
    {
        ChainingEnabled = false;
        return this;
    }

    /// <summary>Uses a serializer of the program's own for values declared as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">Another one is registered for the type.</exception>
    public StreamExecutionEnvironment RegisterSerializer<T>(TypeSerializer<T> serializer)
    {
        Serializers.Register(serializer);
        return this;
    }

    /// <summary>Names the job, for lists, logs and metrics.</summary>
    /// <param name="name">Not blank.</param>
    public StreamExecutionEnvironment SetJobName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        JobName = name;
        return this;
    }

    /// <summary>Notes that the program uses a side output.</summary>
    /// <exception cref="InvalidProgramGraphException">It uses the id with another type, of the same
    /// operator.</exception>
    internal void AddSideOutput(Transformation transformation, (string Id, Type Type) output)
    {
        if (!_sideOutputs.TryAdd((transformation, output.Id), output.Type)
            && _sideOutputs[(transformation, output.Id)] is Type known && known != output.Type)
        {
            throw new InvalidProgramGraphException(
                $"Side output '{output.Id}' of '{transformation.Name}' is used with {known} and with {output.Type}: " +
                "one id has one type.");
        }
    }

    internal DataStream<T> Add<T>(Transformation<T> transformation)
    {
        foreach ((string Id, Type Type) output in transformation.OwnSideOutputs)
        {
            AddSideOutput(transformation, output);
        }

        _transformations.Add(transformation);
        return new DataStream<T>(this, transformation);
    }

    private static void RequireDefined<TChoice>(
        TChoice value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where TChoice : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(
                name,
                value,
                $"There is no such {typeof(TChoice).Name}: one of {string.Join(", ", Enum.GetNames<TChoice>())} is " +
                "needed.");
        }
    }
}
