using Millrace.Functions;

namespace Millrace.State;

/// <summary>Combines values into the one that is kept.</summary>
internal sealed class ReducingState<T>(IKeptValue<T> kept, IReduceFunction<T> function) : IReducingState<T>
{
    public bool HasValue => kept.HasValue;

    public T? Value => kept.Value;

    // Copied when it is kept: the result may be the value handed in.
    public void Add(T value) => kept.Update(kept.TryBorrow(out T? before) ? function.Reduce(before, value) : value);

    public void Clear() => kept.Clear();
}
