using Millrace.Programs;
using Millrace.State;

namespace Millrace.Functions;

/// <summary>What a function may know about the subtask it runs in. Used on the subtask's loop only.</summary>
public abstract class RuntimeContext
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public abstract string JobId { get; }

    /// <summary>The job's name.</summary>
    public abstract string JobName { get; }

    /// <summary>Name of the operator the function belongs to.</summary>
    public abstract string OperatorName { get; }

    /// <summary>Zero-based index of the subtask, below <see cref="Parallelism"/>.</summary>
    public abstract int SubtaskIndex { get; }

    /// <summary>Number of subtasks of the operator.</summary>
    public abstract int Parallelism { get; }

    /// <summary>Number of key groups of the operator.</summary>
    public abstract int MaxParallelism { get; }

    /// <summary>Zero for the first attempt, one more after each restart.</summary>
    public abstract int AttemptNumber { get; }

    /// <summary>The arguments the job was submitted with.</summary>
    public abstract JobArguments Arguments { get; }

    /// <summary>Where the job was submitted: relative paths count from here. Default: the process's own
    /// directory.</summary>
    public virtual string WorkingDirectory => Environment.CurrentDirectory;

    /// <summary>The clock to read instead of the wall clock.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Canceled when the subtask is to end early. A function that waits must watch it.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>An accumulator that adds up; created at first use, merged over all subtasks in the job's
    /// result.</summary>
    /// <exception cref="InvalidOperationException">The name is in use for another kind of accumulator.</exception>
    public abstract LongCounter Counter(string name);

    /// <summary>An accumulator of another kind; created at first use.</summary>
    /// <exception cref="InvalidOperationException">The name is in use for another kind of accumulator.</exception>
    public abstract TAccumulator Accumulator<TAccumulator>(string name)
        where TAccumulator : Accumulator, new();

    /// <summary>A single value for each key; the same one whenever it is asked for.</summary>
    /// <exception cref="InvalidStateUseException">The function has no keys, or the name is in use for something
    /// else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public virtual IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor) => throw WithoutKeys(descriptor);

    /// <summary>A list for each key; the same one whenever it is asked for.</summary>
    /// <exception cref="InvalidStateUseException">The function has no keys, or the name is in use for something
    /// else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public virtual IListState<T> GetState<T>(ListStateDescriptor<T> descriptor) => throw WithoutKeys(descriptor);

    /// <summary>A map for each key; the same one whenever it is asked for.</summary>
    /// <exception cref="InvalidStateUseException">The function has no keys, or the name is in use for something
    /// else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public virtual IMapState<TKey, TValue> GetState<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull => throw WithoutKeys(descriptor);

    /// <summary>A value for each key, into which others are combined; the same one whenever it is asked for.</summary>
    /// <exception cref="InvalidStateUseException">The function has no keys, or the name is in use for something
    /// else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public virtual IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor) =>
        throw WithoutKeys(descriptor);

    /// <summary>An accumulator for each key; the same one whenever it is asked for.</summary>
    /// <exception cref="InvalidStateUseException">The function has no keys, or the name is in use for something
    /// else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public virtual IAggregatingState<TIn, TOut> GetState<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) => throw WithoutKeys(descriptor);

    /// <summary>A list of the subtask, whatever the keys; the same one whenever it is asked for. With another
    /// parallelism the elements of all subtasks are dealt out anew, in their order.</summary>
    /// <exception cref="InvalidStateUseException">The function cannot have such state, the state is to expire, or the
    /// name is in use for something else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public virtual IListState<T> GetOperatorState<T>(ListStateDescriptor<T> descriptor) =>
        throw WithoutOperatorState(descriptor);

    /// <summary>A list of the subtask, whatever the keys; the same one whenever it is asked for. After a restart each
    /// subtask gets the elements of all of them and takes what it needs.</summary>
    /// <inheritdoc cref="GetOperatorState"/>
    public virtual IListState<T> GetUnionState<T>(ListStateDescriptor<T> descriptor) =>
        throw WithoutOperatorState(descriptor);

    /// <summary>A map of which each subtask holds the whole; the same one whenever it is asked for.</summary>
    /// <inheritdoc cref="GetOperatorState"/>
    public virtual IBroadcastState<TKey, TValue> GetBroadcastState<TKey, TValue>(
        MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull => throw WithoutOperatorState(descriptor);

    private InvalidStateUseException WithoutOperatorState(StateDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return new InvalidStateUseException(
            $"Operator '{OperatorName}' asks for operator state {descriptor}, which it cannot have: maps, filters " +
            "and folds share an operator with others, asynchronous functions run on other threads too. Use " +
            "FlatMap(...) or Process(...).");
    }

    private InvalidStateUseException WithoutKeys(StateDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return new InvalidStateUseException(
            $"Operator '{OperatorName}' asks for state {descriptor}, but has no keys: state belongs to a key. " +
            "Use KeyBy(...) and a function of the keyed stream.");
    }
}
