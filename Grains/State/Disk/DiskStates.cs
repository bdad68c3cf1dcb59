using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

/// <summary>The states of one operator in one subtask, and the database they stand in. Belongs to its loop.</summary>
/// <remarks>The database is opened with the first state: an operator without any has none.</remarks>
internal sealed class DiskStates(DiskStateSpace space, Action<RestorableSection> register) : IDisposable
{
    private readonly List<DiskState> _states = [];
    private DiskDatabase? _database;
    private DiskRows? _rows;
    private bool _disposed;

    /// <summary>The states, in the order they were asked for.</summary>
    public IReadOnlyList<DiskState> All => _states;

    /// <summary>Number of states, and so the number of the next one.</summary>
    public int Count => _states.Count;

    /// <summary>Room for a value that is written.</summary>
    public RecordWriter Writer { get; } = new();

    /// <summary>Whether there are any rows.</summary>
    public bool HasRows => _database is not null;

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

    /// <summary>All that is kept at present, to be read on any thread until it is disposed. Takes as long as it takes
    /// to write the rows at hand, however many others there are.</summary>
    /// <returns>Null when there are no states.</returns>
    public DiskDatabase.DiskSnapshot? TakeSnapshot()
    {
        _rows?.Flush();
        return _database?.TakeSnapshot();
    }

    public void Dispose()
    {
        _disposed = true;
        _database?.Release();
        _database = null;
        _rows = null;
        Writer.Dispose();
    }
}
