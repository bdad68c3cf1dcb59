namespace Millrace.Windowing.Evictors;

/// <summary>The records of a window in the order they came. Valid during the call only.</summary>
public abstract class WindowElements
{
    internal WindowElements()
    {
    }

    /// <summary>Number of records that have not been removed.</summary>
    public abstract int Count { get; }

    /// <summary>Time of a record, or that of the clock when it came.</summary>
    /// <param name="index">Zero-based, below <see cref="Count"/>.</param>
    public abstract long TimestampAt(int index);

    /// <summary>Removes the first records.</summary>
    /// <param name="count">At most <see cref="Count"/>.</param>
    public abstract void RemoveFirst(int count);

    /// <summary>Removes records.</summary>
    /// <param name="isRemoved">Takes an index, zero-based, and says whether that record goes; indexes stay what they
    /// are until all have been asked for.</param>
    public abstract void RemoveWhere(Func<int, bool> isRemoved);
}

/// <summary>The records of a window with their type.</summary>
public abstract class WindowElements<T> : WindowElements
{
    internal WindowElements()
    {
    }

    /// <summary>A record.</summary>
    /// <param name="index">Zero-based, below <see cref="WindowElements.Count"/>.</param>
    public abstract T ValueAt(int index);
}
