using Millrace.Functions;

namespace Millrace.Operators.Windows;

/// <summary>The windows of the record at work.</summary>
internal sealed class AssignedWindows<TWindow> : ICollector<TWindow>
{
    private TWindow[] _windows = new TWindow[4];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public TWindow this[int index] => _windows[index];

    public void Clear() => Count = 0;

    public void Emit(TWindow value)
    {
        if (Count == _windows.Length)
        {
            Array.Resize(ref _windows, checked(Count * 2));
        }

        _windows[Count++] = value;
    }
}
