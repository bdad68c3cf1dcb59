using Millrace.Functions;
using Millrace.State;
using Millrace.Windowing;

namespace Millrace.Operators.Windows.Contents;

/// <summary>What windows hold, and what comes of it. Belongs to one loop.</summary>
/// <remarks>Answers for the key at work, and for the window that is set in the scope it was opened with.</remarks>
internal abstract class WindowContents<TKey, TIn, TOut, TWindow>
    where TWindow : struct, IWindow
{
    /// <summary>Name of the state.</summary>
    public const string StateName = "contents";

    /// <summary>Whether the window at work holds nothing.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Before the first record.</summary>
    /// <param name="scope">Where the contents of windows are kept.</param>
    /// <param name="frame">What is known of the window at work.</param>
    /// <param name="context">What functions see.</param>
    public abstract void Open(
        NamespaceScope<TWindow> scope, WindowFrame<TKey, TOut, TWindow> frame, RuntimeContext context);

    /// <summary>Takes a record.</summary>
    public abstract void Add(in TIn value, long timestamp);

    /// <summary>Takes what another window holds, which holds nothing then.</summary>
    public abstract void Move(TWindow from, TWindow into);

    /// <summary>The window fires.</summary>
    public abstract void Fire();

    /// <summary>Forgets what the window holds.</summary>
    public abstract void Clear();

    /// <summary>The window goes: so does what a function kept for it.</summary>
    public virtual void Forget()
    {
    }

    /// <summary>A snapshot is about to be taken: functions bring up to date what they keep outside.</summary>
    public abstract void PrepareSnapshot();

    /// <summary>After the last record, or after a failure.</summary>
    public abstract void Close();

    protected static InvalidOperationException NotOpened() => new("What windows hold was never opened.");
}
