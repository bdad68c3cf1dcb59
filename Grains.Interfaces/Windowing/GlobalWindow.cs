namespace Millrace.Windowing;

/// <summary>The one window that holds all records of a key and never ends.</summary>
public readonly record struct GlobalWindow : IWindow
{
    /// <inheritdoc/>
    public long MaxTimestamp => long.MaxValue;
}
