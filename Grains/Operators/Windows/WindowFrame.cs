using Millrace.Operators.Outputs;
using Millrace.Operators.Timers;
using Millrace.State;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>What is known of the window at work. Belongs to one loop.</summary>
internal sealed class WindowFrame<TKey, TOut, TWindow>(
    KeyedStateBackend<TKey> state,
    NamespaceScope<TWindow> windows,
    OperatorTimers<TKey, TWindow> timers,
    UnitCollector<TOut> output,
    SideOutputs sides)
    where TWindow : struct, IWindow
{
    private TWindow _window;

    /// <summary>The key at work.</summary>
    public ref readonly TKey Key => ref state.CurrentKey;

    /// <summary>The window at work.</summary>
    public ref readonly TWindow Window => ref _window;

    public OperatorTimers<TKey, TWindow> Timers => timers;

    public UnitCollector<TOut> Output => output;

    public SideOutputs Sides => sides;

    /// <summary>State of the window at work.</summary>
    public StateScope WindowStates => windows.States;

    /// <summary>State of the key at work.</summary>
    public StateScope KeyStates => state.Keyed;

    /// <summary>Begins work for a window: its state is at hand, and what it emits has its time.</summary>
    public void Begin(in TWindow window)
    {
        _window = window;
        windows.Set(in window);
        output.Timestamp = window.MaxTimestamp;
        sides.SetTimestamp(window.MaxTimestamp);
    }
}
