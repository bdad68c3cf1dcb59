using Millrace.Batches;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Windows;

/// <summary>Which windows had fired for each key when state was saved. Belongs to one loop.</summary>
/// <remarks>A restored operator begins at the time at which the last of its predecessors was, and must not fire again
/// what others of them have fired. Empty as soon as those windows are over for all keys.</remarks>
internal sealed class FiredWindows<TKey>
{
    private const string Name = "fired";

    private readonly KeyHasher<TKey> _hasher;

    // By key, the last point of time of the last window that had fired.
    private readonly KeyedTable<TKey, long> _last;
    private long _until = RecordBatch.NoWatermark;

    public FiredWindows(KeyedStateBackend<TKey> state)
    {
        _hasher = state.Hasher;
        _last = state.CreateTable<long>(Name);
        for (int i = 0; i < _last.Count; i++)
        {
            _until = Math.Max(_until, _last.ValueAt(i));
        }
    }

    /// <summary>Whether no window has fired for any key.</summary>
    public bool IsEmpty => _last.Count == 0;

    /// <summary>Whether the window whose last point of time is this has fired for a key.</summary>
    public bool Holds(in TKey key, long time)
    {
        int entry = _last.IndexOf(in key, _hasher.Hash(in key));
        return entry >= 0 && _last.ValueAt(entry) >= time;
    }

    /// <summary>The windows up to a time have fired for a key.</summary>
    public void Note(in TKey key, long time)
    {
        if (time == RecordBatch.NoWatermark)
        {
            return;
        }

        ref long last = ref _last.GetOrAdd(in key, _hasher.Hash(in key), out bool exists);
        last = exists ? Math.Max(last, time) : time;
        _until = Math.Max(_until, last);
    }

    /// <summary>The windows up to a time have fired for all keys.</summary>
    public void Pass(long time)
    {
        if (!IsEmpty && time >= _until)
        {
            _last.Clear();
            _until = RecordBatch.NoWatermark;
        }
    }
}
