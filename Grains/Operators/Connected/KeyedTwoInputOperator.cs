using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.Operators.Keyed;
using Millrace.Operators.Outputs;
using Millrace.Operators.Timers;
using Millrace.State;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Connected;

/// <summary>What an operator of keyed inputs is made from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state by key.</param>
/// <param name="Loop">The loop it belongs to.</param>
/// <param name="Clock">Of the loop's rounds.</param>
/// <param name="Output">Its main output.</param>
/// <param name="Sides">Its side outputs.</param>
internal sealed record KeyedOperatorParts<TKey, TOut>(
    string Name,
    KeyedStateBackend<TKey> State,
    ISubtaskLoop Loop,
    RoundClock Clock,
    Output<TOut> Output,
    SideOutputs Sides);

/// <summary>A step with two inputs whose records meet by key, with state and timers of that key.</summary>
internal abstract class KeyedTwoInputOperator<TKey, TLeft, TRight, TOut>
    : TwoInputOperator<TLeft, TRight, TOut>, ITimerTarget<TKey, VoidNamespace>
{
    private const string TimersName = "timers";

    protected KeyedTwoInputOperator(KeyedOperatorParts<TKey, TOut> parts)
        : base(parts.Name, parts.Output, parts.Sides)
    {
        State = parts.State;
        Unkeyed = new OperatorStateBackend(parts.Name, State.Settings.Serializers);
        Timers = new OperatorTimers<TKey, VoidNamespace>(
            TimersName, State.Settings.Serializers, parts.Loop, parts.Clock, this);
        Ahead = KeysAhead<TKey>.Of(parts.Name, State);
    }

    protected KeyedStateBackend<TKey> State { get; }

    /// <summary>Takes keys ahead where state is looked up for many of them at a time; else null.</summary>
    protected KeysAhead<TKey>? Ahead { get; }

    /// <summary>State that belongs to no key.</summary>
    protected OperatorStateBackend Unkeyed { get; }

    protected OperatorTimers<TKey, VoidNamespace> Timers { get; }

    public sealed override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        State.Restore([.. snapshots.Select(snapshot => snapshot.Keyed)]);
        Unkeyed.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);
        Timers.Restore(OperatorSnapshot.WatermarkOf(snapshots));
    }

    public sealed override FrozenOperator Freeze(in SnapshotOrder order)
    {
        PrepareFunction();
        return new FrozenOperator
        {
            Keyed = State.Freeze(in order),
            Unkeyed = Unkeyed.Freeze(),
            Watermark = Timers.Watermark,
        };
    }

    public sealed override void CheckpointCompleted(long checkpoint) => State.Completed(checkpoint);

    public sealed override void Open(Func<string, RuntimeContext> contextOf)
    {
        State.Register(Timers.EventTime);
        State.Register(Timers.ProcessingTime);
        RuntimeContext subtask = contextOf(Name);
        Unkeyed.Open(subtask.SubtaskIndex, subtask.Parallelism);
        OpenFunction(new KeyedRuntimeContext(subtask, State.Keyed, Unkeyed));
        Timers.ScheduleWakeUp();
    }

    public sealed override bool TryTakeByKey() => Timers.EndWithKeys = true;

    public sealed override bool EndKeys()
    {
        if (!Timers.FireAll())
        {
            return false;
        }

        State.ForgetAll();
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        State.Dispose();
    }

    public void OnEventTime(in TimerKey<TKey, VoidNamespace> timer) =>
        Fire(in timer, TimeDomain.EventTime, timer.Time);

    public void OnProcessingTime(in TimerKey<TKey, VoidNamespace> timer) =>
        Fire(in timer, TimeDomain.ProcessingTime, RecordBatch.NoTimestamp);

    /// <summary>Asks for state, and opens the function.</summary>
    protected abstract void OpenFunction(RuntimeContext context);

    /// <summary>A snapshot is about to be taken: the function brings its state up to date.</summary>
    protected abstract void PrepareFunction();

    /// <summary>A timer of the key at work is due.</summary>
    protected abstract void OnTimer(long time, TimeDomain domain);

    protected sealed override bool FireEventTime(long watermark) => Timers.Advance(watermark);

    protected sealed override void FireProcessingTime() => Timers.FireProcessingTime();

    /// <summary>Begins work for a record's key.</summary>
    /// <returns>The key's hash.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ulong SetKey<T>(RecordBatch<T> batch, int position, Func<T, TKey> selector)
    {
        TKey key = selector(batch[position]);
        if (key is null)
        {
            throw new InvalidOperationException($"The key of '{Name}' is null.");
        }

        ulong hash = batch.Hashes is ulong[] carried ? carried[position] : State.Hasher.Hash(in key);
        State.SetKey(in key, hash);
        return hash;
    }

    /// <summary>Begins the unit of a record that has a time.</summary>
    /// <returns>Its time.</returns>
    protected long TimeOf<T>(RecordBatch<T> batch, int position) => Begin(batch, position)
        ?? throw new InvalidOperationException(
            $"'{Name}' goes by event time, but a record of type {typeof(T)} has no timestamp: one of the streams in " +
            "front of it gives none.");

    private void Fire(in TimerKey<TKey, VoidNamespace> timer, TimeDomain domain, long timestamp)
    {
        State.SetKey(in timer.Key, State.Hasher.Hash(in timer.Key));
        Begin(timestamp);
        OnTimer(timer.Time, domain);
        State.ClearKey();
    }
}
