namespace Millrace.Functions;

/// <summary>Says which records stay. As a struct it is inlined into the loop over a batch.</summary>
public interface IFilterFunction<in T>
{
    /// <summary>True for a record that stays. On the subtask's loop; must not block.</summary>
    bool Filter(T value);
}
