namespace Millrace.State;

/// <summary>A list as a backend keeps it, for operators that keep records, which do not change, and hand nothing
/// out.</summary>
internal interface IKeptList<T> : IListState<T>
{
    /// <summary>Appends an element without a copy: it belongs to the state from now on.</summary>
    void Keep(T element);

    /// <summary>The elements without a copy, or null for none. Valid until the list is changed.</summary>
    List<T>? Borrow();

    /// <summary>Takes the elements out, or null for none: they belong to the caller.</summary>
    List<T>? Take();
}
