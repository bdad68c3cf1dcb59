namespace Millrace.Windowing.Triggers;

/// <summary>Says when a window fires, by time and number of records alone.</summary>
/// <remarks>On the subtask's loop; must not block. One object serves all windows: what it keeps for a window is
/// state.</remarks>
public abstract class Trigger
{
    /// <summary>Whether it can go on when windows become one.</summary>
    public virtual bool CanMerge => false;

    /// <summary>What it does, with its settings: two programs are the same only if this is.</summary>
    public virtual string Description => GetType().Name;

    /// <summary>A record has come into a window.</summary>
    /// <param name="timestamp">The record's time, or that of the clock.</param>
    /// <param name="maxTimestamp">The last point of time that belongs to the window.</param>
    /// <param name="context">The window's timers and state.</param>
    public abstract TriggerResult OnElement(long timestamp, long maxTimestamp, TriggerContext context);

    /// <summary>The watermark has reached a timer of the window.</summary>
    public virtual TriggerResult OnEventTime(long time, long maxTimestamp, TriggerContext context) =>
        TriggerResult.Continue;

    /// <summary>The clock has reached a timer of the window.</summary>
    public virtual TriggerResult OnProcessingTime(long time, long maxTimestamp, TriggerContext context) =>
        TriggerResult.Continue;

    /// <summary>Windows have become one, which has no timers yet; those of the others are cleared.</summary>
    public virtual void OnMerge(long maxTimestamp, TriggerContext context)
    {
    }

    /// <summary>The window goes: takes back its timers and clears its state.</summary>
    public virtual void Clear(long maxTimestamp, TriggerContext context)
    {
    }
}

/// <summary>Says when a window fires, by its records.</summary>
/// <inheritdoc cref="Trigger"/>
public abstract class Trigger<T, TWindow>
    where TWindow : struct, IWindow
{
    /// <inheritdoc cref="Trigger.CanMerge"/>
    public virtual bool CanMerge => false;

    /// <inheritdoc cref="Trigger.Description"/>
    public virtual string Description => GetType().Name;

    /// <summary>A record has come into a window.</summary>
    /// <param name="element">The record.</param>
    /// <param name="timestamp">Its time, or that of the clock.</param>
    /// <param name="window">The window.</param>
    /// <param name="context">The window's timers and state.</param>
    public abstract TriggerResult OnElement(T element, long timestamp, TWindow window, TriggerContext context);

    /// <inheritdoc cref="Trigger.OnEventTime"/>
    public virtual TriggerResult OnEventTime(long time, TWindow window, TriggerContext context) =>
        TriggerResult.Continue;

    /// <inheritdoc cref="Trigger.OnProcessingTime"/>
    public virtual TriggerResult OnProcessingTime(long time, TWindow window, TriggerContext context) =>
        TriggerResult.Continue;

    /// <inheritdoc cref="Trigger.OnMerge"/>
    public virtual void OnMerge(TWindow window, TriggerContext context)
    {
    }

    /// <inheritdoc cref="Trigger.Clear"/>
    public virtual void Clear(TWindow window, TriggerContext context)
    {
    }
}
