namespace Millrace.Functions;

/// <summary>A function that wants to know where it runs. Implement it beside the function's own interface.</summary>
/// <remarks>Called on the subtask's loop: <see cref="Open"/> before the first record, <see cref="Close"/> after the
/// last one, also when the subtask failed or was canceled. A function object belongs to one subtask attempt.</remarks>
public interface IRichFunction
{
    /// <summary>Before the first record.</summary>
    void Open(RuntimeContext context);

    /// <summary>
    /// After the last record, or after a failure. Must not throw on a function that was never opened.
    /// </summary>
    void Close();
}
