using Millrace.Serialization;
using Millrace.State.Disk.Changes;
using Millrace.State.Disk.Frozen;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

/// <summary>The states of one operator in one subtask, and the database they stand in. Belongs to its loop.</summary>
/// <remarks>The database is opened with the first state: an operator without any has none.</remarks>
internal sealed class DiskStates(
    KeyedStateSettings settings, DiskStateSpace space, Action<RestorableSection> register) : IDisposable
{
    // Keys of rows that were written are remembered until they take a quarter of the state: about as many rows then.
    private const int ChangesShare = 4;
    private const long LeastChanges = 4L << 20;

    private readonly List<DiskState> _states = [];
    private DiskDatabase? _database;
    private DiskRows? _rows;
    private RowChanges? _changes;

    // Of each state the first cut it was part of.
    private readonly List<long> _firstCuts = [];
    private bool _disposed;

    /// <summary>The states, in the order they were asked for.</summary>
    public IReadOnlyList<DiskState> All => _states;

    /// <summary>Number of states, and so the number of the next one.</summary>
    public int Count => _states.Count;

    /// <summary>Room for a value that is written.</summary>
    public RecordWriter Writer { get; } = new();

    /// <summary>Where they are kept.</summary>
    /// <exception cref="DiskStateException">The database cannot be opened.</exception>
    public DiskRows Rows
    {
        get
        {
            if (_rows is null)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _database = space.Open();
                _rows = new DiskRows(_database);
            }

            return _rows;
        }
    }

    /// <summary>Takes a state in, with what was restored for it.</summary>
    /// <exception cref="InvalidStateUseException">Its name is in use.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public void Add(DiskState state)
    {
        register(state);
        _states.Add(state);
    }

    /// <summary>Forgets everything.</summary>
    public void ForgetAll(KeyGroupRange range)
    {
        if (_database is null || _rows is null)
        {
            return;
        }

        Span<byte> first = stackalloc byte[RowCursor.PrefixBytes];
        Span<byte> end = stackalloc byte[RowCursor.PrefixBytes];
        RowCursor.WritePrefix(first, range.First, 0);
        RowCursor.WritePrefix(end, range.End, 0);
        _rows.Clear();
        _database.RemoveRange(first, end);
        _database.Write();
    }

    /// <summary>All that is kept at present, or what has changed. Takes as long as it takes to write the rows at hand,
    /// however many others there are.</summary>
    /// <param name="order">What for, and whether changes will do.</param>
    /// <param name="sections">Gets a section for each state.</param>
    /// <param name="held">Gets what has to stay until they are written.</param>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public void Freeze(in SnapshotOrder order, List<FrozenSection> sections, List<IDisposable> held)
    {
        if (_database is null || _rows is null)
        {
            return;
        }

        _rows.Flush();
        DiskDatabase.DiskSnapshot rows = _database.TakeSnapshot();
        held.Add(rows);
        if (_changes is null && order.TracksChanges)
        {
            _changes = new RowChanges(space, MostChanges);
            _database.TellOf(_changes);
        }

        IReadOnlyList<ChangedRows>? changes = _changes?.Freeze(in order);
        held.AddRange((changes ?? []).Select(static stretch => stretch.Hold()));
        for (int i = 0; i < _states.Count; i++)
        {
            if (i == _firstCuts.Count)
            {
                _firstCuts.Add(order.Checkpoint);
            }

            // What is built upon knows nothing of a state that is newer.
            sections.Add(changes is not null && order.BuildsOn >= _firstCuts[i]
                ? new FrozenChangedRows(_states[i], rows, changes)
                : new FrozenRows(_states[i], rows, settings));
        }
    }

    /// <summary>A checkpoint is complete: what was changed before it is not asked for again.</summary>
    public void Completed(long checkpoint) => _changes?.Completed(checkpoint);

    public void Dispose()
    {
        _disposed = true;
        _changes?.Dispose();
        _database?.Release();
        _database = null;
        _rows = null;
        Writer.Dispose();
    }

    private long MostChanges() => Math.Max(LeastChanges, _database!.FileBytes() / ChangesShare);
}
