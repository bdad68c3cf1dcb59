namespace Millrace.Windowing.Evictors;

/// <summary>Removes records from a window when it fires, by their number and times alone.</summary>
/// <remarks>On the subtask's loop; must not block, keeps nothing between two calls.</remarks>
public abstract class Evictor
{
    /// <summary>What it does, with its settings: two programs are the same only if this is.</summary>
    public virtual string Description => GetType().Name;

    /// <summary>Before the window's function sees the records.</summary>
    public virtual void EvictBefore(WindowElements elements)
    {
    }

    /// <summary>After the window's function has seen them.</summary>
    public virtual void EvictAfter(WindowElements elements)
    {
    }
}

/// <summary>Removes records from a window when it fires, by what they are.</summary>
/// <inheritdoc cref="Evictor"/>
public abstract class Evictor<T>
{
    /// <inheritdoc cref="Evictor.Description"/>
    public virtual string Description => GetType().Name;

    /// <inheritdoc cref="Evictor.EvictBefore"/>
    public virtual void EvictBefore(WindowElements<T> elements)
    {
    }

    /// <inheritdoc cref="Evictor.EvictAfter"/>
    public virtual void EvictAfter(WindowElements<T> elements)
    {
    }
}
