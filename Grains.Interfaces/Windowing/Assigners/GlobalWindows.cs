using Millrace.Functions;
using Millrace.Windowing.Triggers;

namespace Millrace.Windowing.Assigners;

/// <summary>All records of a key in one window, which fires only when a trigger of the program says so.</summary>
public sealed class GlobalWindows : WindowAssigner<GlobalWindow>
{
    private GlobalWindows()
    {
    }

    /// <inheritdoc/>
    public override bool IsEventTime => false;

    /// <inheritdoc/>
    public override Trigger DefaultTrigger => NeverTrigger.Instance;

    /// <inheritdoc/>
    public override string Description => "global";

    /// <summary>One window a key.</summary>
    public static GlobalWindows Create() => new();

    /// <inheritdoc/>
    public override void AssignWindows(long timestamp, ICollector<GlobalWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        windows.Emit(default);
    }
}
