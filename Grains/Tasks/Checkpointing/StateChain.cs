using Millrace.Checkpointing;
using Millrace.State.Snapshots;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Which checkpoints of one subtask attempt the next one may build upon. Thread-safe.</summary>
/// <remarks>
/// Only a completed one: of any other, files may be gone. When one is still under way that does not build upon the same
/// one, the next one holds everything: with the first of them completed, what neither it nor those before it build upon
/// is removed. A subtask that was restored begins with everything.
/// </remarks>
/// <param name="options">Whether, how often and how much may be built upon.</param>
internal sealed class StateChain(TaskHostOptions options)
{
    private readonly Lock _gate = new();
    private readonly SortedList<long, Part> _open = [];
    private (long Checkpoint, StateHandle Handle)? _base;

    /// <summary>The latest of them that is complete, and the files of it and of what it builds upon; null before the
    /// first.</summary>
    public (long Checkpoint, IReadOnlySet<string> Files)? Completed
    {
        get
        {
            lock (_gate)
            {
                return _base is var (checkpoint, handle) ? (checkpoint, handle.Files().ToHashSet()) : null;
            }
        }
    }

    /// <summary>A cut is made.</summary>
    /// <param name="checkpoint">Number of the checkpoint.</param>
    /// <param name="isSavepoint">Whether it stands by itself, and nothing will build upon it.</param>
    /// <returns>What its state is frozen for.</returns>
    public SnapshotOrder Begin(long checkpoint, bool isSavepoint)
    {
        lock (_gate)
        {
            long buildsOn = isSavepoint || !MayBuild() ? 0 : _base!.Value.Checkpoint;
            if (!isSavepoint)
            {
                _open[checkpoint] = new Part(buildsOn == 0 ? null : _base!.Value.Handle, null);
            }

            return new SnapshotOrder(checkpoint, buildsOn, options.IncrementalCheckpoints);
        }
    }

    /// <summary>The state of a cut is written.</summary>
    /// <param name="checkpoint">Number of the checkpoint.</param>
    /// <param name="handle">What was written.</param>
    /// <param name="isChange">Whether any of it is only what has changed; it may be all there is, though it was to
    /// build upon another one.</param>
    /// <returns>Its handle, with what it builds upon.</returns>
    public StateHandle Written(long checkpoint, StateHandle handle, bool isChange)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(checkpoint, out Part? part))
            {
                return handle;
            }

            // Files that it does not need may go.
            StateHandle? before = isChange ? part.Base : null;
            StateHandle whole = before is null
                ? handle
                : handle with { Earlier = [.. before.Earlier, before with { Earlier = [] }] };
            _open[checkpoint] = new Part(before, whole);
            return whole;
        }
    }

    /// <summary>Checkpoints are over.</summary>
    /// <param name="completed">The latest one that is complete.</param>
    /// <param name="ended">The latest one that is over.</param>
    /// <returns>Whether this subtask has a part in the completed one, and did not know that it is complete.</returns>
    public bool Ended(long completed, long ended)
    {
        lock (_gate)
        {
            bool isNew = false;
            if (completed > (_base?.Checkpoint ?? 0)
                && _open.TryGetValue(completed, out Part? part)
                && part.Handle is { } handle)
            {
                _base = (completed, handle);
                isNew = true;
            }

            while (_open.Count > 0 && _open.GetKeyAtIndex(0) <= Math.Max(completed, ended))
            {
                _open.RemoveAt(0);
            }

            return isNew;
        }
    }

    private bool MayBuild()
    {
        if (!options.IncrementalCheckpoints
            || _base is not var (_, handle)
            || handle.Earlier.Length >= options.MaxIncrements
            || _open.Values.Any(part => !ReferenceEquals(part.Base, handle)))
        {
            return false;
        }

        // Of state that is so little that it has no file, all is as good as what has changed.
        StateHandle whole = handle.Earlier.IsEmpty ? handle : handle.Earlier[0];
        long changes = handle.Length - whole.Length + handle.Earlier.Sum(static earlier => earlier.Length);
        return whole.File is not null && changes <= options.MaxIncrementRatio * whole.Length;
    }

    /// <summary>The part of the subtask in a checkpoint that is under way.</summary>
    /// <param name="Base">What it builds upon, or null when it holds everything.</param>
    /// <param name="Handle">Where it is, once it is written.</param>
    private sealed record Part(StateHandle? Base, StateHandle? Handle);
}
