using System.Globalization;
using Millrace.Functions;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>The windows of the record at work.</summary>
/// <param name="name">The operator.</param>
/// <param name="assigner">What gives them.</param>
internal sealed class AssignedWindows<TWindow>(string name, string assigner) : ICollector<TWindow>
{
    private TWindow[] _windows = new TWindow[4];
    private long _time;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public TWindow this[int index] => _windows[index];

    /// <summary>Begins with another record.</summary>
    /// <param name="time">What its windows follow, in milliseconds.</param>
    public void Begin(long time)
    {
        _time = time;
        Count = 0;
    }

    /// <exception cref="InvalidOperationException">They are more than a step may put a record into.</exception>
    public void Emit(TWindow value)
    {
        if (Count == _windows.Length)
        {
            Grow(value);
        }

        _windows[Count++] = value;
    }

    private void Grow(TWindow next)
    {
        if (Count == WindowSpans.MostOfRecord)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The assigner '{assigner}' of '{name}' gives a record of time {_time} more than {Count} windows, the "
                + $"next one {next}: at most {WindowSpans.MostOfRecord} are possible."));
        }

        Array.Resize(ref _windows, Math.Min(Count * 2, WindowSpans.MostOfRecord));
    }
}
