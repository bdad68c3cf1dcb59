using Millrace.Connectors;
using Millrace.Functions;

namespace Millrace.DataStream;

/// <summary>What can be done with a stream of changes.</summary>
public static class ChangeStream
{
    /// <summary>Emits the change from a row to another: an update where there was one, else an insert; nothing when
    /// they are equal.</summary>
    /// <param name="output">Takes the changes.</param>
    /// <param name="before">The row as it was, if there was one.</param>
    /// <param name="hasBefore">Whether there was one.</param>
    /// <param name="after">The row as it is.</param>
    public static void EmitUpdate<T>(this ICollector<Change<T>> output, in T before, bool hasBefore, in T after)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!hasBefore)
        {
            output.Emit(Change<T>.Insert(after));
            return;
        }

        if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            output.Emit(Change<T>.UpdateBefore(before));
            output.Emit(Change<T>.UpdateAfter(after));
        }
    }

    /// <summary>The result once all changes have come: one row for each key, emitted at the end of the input. Until
    /// then the rows are keyed state.</summary>
    /// <param name="changes">Changes of a bounded stream.</param>
    /// <param name="keySelector">What a row is known by; as for <see cref="DataStream{T}.KeyBy{TKey}"/>. Rows that take
    /// each other's place have the same key.</param>
    public static DataStream<T> FinalRows<T, TKey>(this DataStream<Change<T>> changes, Func<T, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(keySelector);
        return changes.KeyBy(change => keySelector(change.Row)).Process(new LastOfEachKey<TKey, T>()).Name("FinalRows");
    }

    /// <summary>Writes the result once all changes have come into a sink that knows no changes, such as
    /// files.</summary>
    /// <param name="changes">Changes of a bounded stream.</param>
    /// <param name="keySelector">As for <see cref="FinalRows"/>.</param>
    /// <param name="sink">Takes one row for each key.</param>
    public static DataStreamSink<T> UpsertTo<T, TKey>(
        this DataStream<Change<T>> changes, Func<T, TKey> keySelector, Sink<T> sink) =>
        changes.FinalRows(keySelector).SinkTo(sink);
}
