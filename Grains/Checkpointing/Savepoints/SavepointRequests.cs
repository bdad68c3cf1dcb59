namespace Millrace.Checkpointing.Savepoints;

/// <summary>The savepoints that one epoch of a job was asked for, in their order: one at a time is under way.</summary>
internal sealed class SavepointRequests
{
    /// <summary>Most that wait or are under way; a further one is refused.</summary>
    public const int MaxOpen = 8;

    // Whoever asked comes again within seconds to hear what became of it.
    private const int MaxEnded = 32;

    private readonly List<RequestedSavepoint> _requests = [];
    private int _number;
    private int _removed;

    /// <summary>Grows with each that is ended.</summary>
    public long Changes => _removed + _requests.Count(static one => !one.IsOpen);

    /// <summary>All that are not ended.</summary>
    public IEnumerable<RequestedSavepoint> Open => _requests.Where(static one => one.IsOpen);

    /// <summary>Whether another one may wait.</summary>
    public bool HasRoom => Open.Count() < MaxOpen;

    /// <summary>The one whose cut has begun, or null.</summary>
    public RequestedSavepoint? UnderWay => _requests.Find(static one => one is { IsOpen: true, Checkpoint: > 0 });

    /// <summary>The one whose turn it is, or null: also while another one is under way.</summary>
    public RequestedSavepoint? Next => UnderWay is null ? _requests.Find(static one => one.IsOpen) : null;

    /// <summary>Takes a request.</summary>
    public RequestedSavepoint Add(SavepointId id, SavepointOrder order)
    {
        RequestedSavepoint[] ended = [.. _requests.Where(static one => !one.IsOpen)];
        foreach (RequestedSavepoint old in ended.Take(ended.Length - MaxEnded))
        {
            _requests.Remove(old);
            _removed++;
        }

        RequestedSavepoint added = new(++_number, id, order);
        _requests.Add(added);
        return added;
    }

    /// <summary>The savepoint of a request, or null when it is not known here.</summary>
    public RequestedSavepoint? Find(SavepointId id) => _requests.Find(one => one.Id == id);

    /// <summary>The savepoint with a number, or null.</summary>
    public RequestedSavepoint? Find(int number) => _requests.Find(one => one.Number == number);

    /// <summary>The savepoint that had a cut and was given up, or null.</summary>
    public RequestedSavepoint? GivenUpAt(long checkpoint) => _requests.Find(
        one => one.Checkpoint == checkpoint && one.Progress.State == SavepointState.Failed);

    /// <summary>Whether what one consists of is being written.</summary>
    public bool AreStoring => _requests.Exists(static one => one.IsStoring);

    /// <summary>Those that were given up and of which files may still come.</summary>
    public IEnumerable<RequestedSavepoint> StillWritten => _requests.Where(static one => one.MayBeWritten);

    /// <summary>The open savepoint that has a cut, or null.</summary>
    public RequestedSavepoint? At(long checkpoint) =>
        _requests.Find(one => one.IsOpen && one.Checkpoint == checkpoint);
}
