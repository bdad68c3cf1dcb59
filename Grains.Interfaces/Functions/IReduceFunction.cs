namespace Millrace.Functions;

/// <summary>Combines two records of one key into one. Must be associative.</summary>
public interface IReduceFunction<T>
{
    /// <summary>
    /// Combines the value so far with the next record. On the subtask's loop; must not change its arguments.
    /// </summary>
    T Reduce(T accumulated, T value);
}
