using Millrace.State;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>The windows of a key that become one when they touch, and where the contents of each are kept: under the
/// window that was there first, so that a window that grows moves nothing. Belongs to one loop.</summary>
internal sealed class MergingWindows<TIn, TWindow>(WindowAssigner<TIn, TWindow> assigner, StateScope states)
    where TWindow : struct, IWindow
{
    /// <summary>Name of the state.</summary>
    public const string StateName = "merging";

    private readonly IKeptMap<TWindow, TWindow> _kept = (IKeptMap<TWindow, TWindow>)states.Get(
        new MapStateDescriptor<TWindow, TWindow>(StateName), StateOwner.Operator);

    private readonly List<TWindow> _present = [];
    private readonly List<TWindow> _gone = [];
    private readonly List<TWindow> _goneContents = [];

    /// <summary>The windows that the last one added has replaced.</summary>
    public List<TWindow> Gone => _gone;

    /// <summary>Where contents are kept that are to move to <see cref="Kept"/>.</summary>
    public List<TWindow> GoneContents => _goneContents;

    /// <summary>Where the contents of the last one added are kept.</summary>
    public TWindow Kept { get; private set; }

    /// <summary>Whether the key has a window.</summary>
    public bool Holds(TWindow window) => _kept.Contains(window);

    /// <summary>Where the contents of a window are kept.</summary>
    public TWindow KeptAt(TWindow window) => _kept[window];

    /// <summary>Adds a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="merged">What it has become.</param>
    /// <returns>Whether windows were replaced: see <see cref="Gone"/>.</returns>
    public bool Add(TWindow window, out TWindow merged)
    {
        _gone.Clear();
        _goneContents.Clear();
        merged = window;
        if (_kept.Contains(window))
        {
            return false;
        }

        CollectTouching(ref merged);
        if (_gone.Count == 0)
        {
            _kept[window] = window;
            return false;
        }

        if (_gone.Count == 1 && EqualityComparer<TWindow>.Default.Equals(_gone[0], merged))
        {
            // It lies within a window that is there.
            _gone.Clear();
            return false;
        }

        Replace(merged);
        return _gone.Count > 0;
    }

    /// <summary>A window goes.</summary>
    public void Remove(TWindow window) => _kept.Remove(window);

    // Until nothing more touches what has become of it: windows of the user may do so one after the other.
    private void CollectTouching(ref TWindow merged)
    {
        _present.Clear();
        _kept.CopyKeys(_present);
        bool grows = true;
        while (grows)
        {
            grows = false;
            foreach (TWindow present in _present)
            {
                if (!_gone.Contains(present) && assigner.TryMerge(merged, present, out TWindow cover))
                {
                    merged = cover;
                    _gone.Add(present);
                    grows = true;
                }
            }
        }
    }

    // In the order of time, so that what a window comes to does not depend on where in a table its parts stood.
    private void Replace(TWindow whole)
    {
        _gone.Sort(static (left, right) => left.MaxTimestamp.CompareTo(right.MaxTimestamp));
        Kept = _kept[_gone[0]];
        foreach (TWindow gone in _gone)
        {
            TWindow contents = _kept[gone];
            if (!EqualityComparer<TWindow>.Default.Equals(contents, Kept))
            {
                _goneContents.Add(contents);
            }
        }

        // Before the others go: a map that had nothing for a moment would be made anew.
        _kept[whole] = Kept;

        // One of them may be the whole already: it goes on with its trigger.
        _gone.Remove(whole);
        foreach (TWindow gone in _gone)
        {
            _kept.Remove(gone);
        }
    }
}
