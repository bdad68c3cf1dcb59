using System.Collections.Immutable;
using Millrace.Checkpointing.Storage;

namespace Millrace.Checkpointing;

/// <summary>The completed checkpoints that a job can go on from, and whose files nobody needs any more. A plain
/// class: it waits for nothing.</summary>
/// <remarks>A file is removed when no checkpoint that is kept names it. That is not before the job's record names the
/// checkpoint which took the place of the one it was written for, nor while a checkpoint is under way that may build on
/// it.</remarks>
/// <param name="retained">How many are kept.</param>
/// <param name="former">What an older epoch kept, the latest one first.</param>
internal sealed class CompletedCheckpoints(int retained, ImmutableArray<RetainedCheckpoint> former)
{
    private readonly List<Entry> _kept = [.. former.Reverse().Select(one => new Entry(one, null))];
    private readonly List<(Entry Entry, long Until)> _superseded = [];
    private readonly Dictionary<CheckpointReference, string> _findings = [];
    private bool _hasLeftovers = !former.IsEmpty;

    /// <summary>Those that can be gone on from, the latest one first.</summary>
    public ImmutableArray<RetainedCheckpoint> Kept =>
        [.. Enumerable.Reverse(_kept).Select(static entry => entry.Checkpoint)];

    /// <summary>The one to go on from, or null.</summary>
    public RetainedCheckpoint? Latest => _kept.Count == 0 ? null : _kept[^1].Checkpoint;

    /// <summary>What was wrong with those that were tried, the latest one first.</summary>
    public IEnumerable<string> Findings =>
        _findings.OrderByDescending(static pair => pair.Key.Number).Select(static pair => pair.Value);

    /// <summary>Whether some of those that were given up as damaged had made results visible.</summary>
    public bool HasPassedCommits { get; private set; }

    /// <summary>Keeps one more, and as many of those before as are to be kept.</summary>
    /// <param name="checkpoint">The latest one.</param>
    /// <param name="files">The files it consists of.</param>
    /// <param name="begun">The highest number of a checkpoint that was begun so far.</param>
    public void Add(RetainedCheckpoint checkpoint, ImmutableArray<string> files, long begun)
    {
        _kept.Add(new Entry(checkpoint, files));
        HasPassedCommits = false;
        _findings.Clear();
        while (_kept.Count > retained)
        {
            _superseded.Add((_kept[0], begun));
            _kept.RemoveAt(0);
        }
    }

    /// <summary>One is damaged: it is not gone on from.</summary>
    /// <returns>False when it is none of these.</returns>
    public bool Discard(CheckpointReference damaged, string finding)
    {
        int index = _kept.FindIndex(entry => entry.Checkpoint.Reference == damaged);
        if (index < 0)
        {
            return false;
        }

        HasPassedCommits |= _kept[index].Checkpoint.Commits;
        _findings[damaged] = finding;
        _hasLeftovers = true;
        _kept.RemoveAt(index);
        return true;
    }

    /// <summary>Files may be left of a checkpoint that came to nothing.</summary>
    public void LeaveBehind() => _hasLeftovers = true;

    /// <summary>What can be removed now. The job's record names all that are kept.</summary>
    /// <param name="oldest">The lowest number of a checkpoint that is under way, or else the next one.</param>
    public CheckpointGarbage Release(long oldest)
    {
        Entry[] gone = [.. _superseded.Where(one => one.Until < oldest).Select(static one => one.Entry)];
        _superseded.RemoveAll(one => one.Until < oldest);
        Entry[] needed = [.. _kept, .. _superseded.Select(static one => one.Entry)];
        bool areKnown = Array.TrueForAll([.. gone, .. needed], static entry => entry.Files is not null);
        if (gone.Length == 0 && !_hasLeftovers)
        {
            return CheckpointGarbage.Nothing;
        }

        if (_hasLeftovers || !areKnown)
        {
            _hasLeftovers = false;
            return new CheckpointGarbage([], KeptOf(needed), oldest);
        }

        HashSet<string> named = [.. needed.SelectMany(static entry => entry.Files!.Value)];
        return new CheckpointGarbage(
            [.. gone.SelectMany(static entry => entry.Files!.Value).Where(file => !named.Contains(file)).Distinct()],
            Keep: null,
            oldest);
    }

    /// <summary>Everything but what is kept, once nothing is under way any more.</summary>
    public CheckpointGarbage Rest() => new([], KeptOf(_kept), long.MaxValue);

    private static ImmutableArray<KeptFiles> KeptOf(IEnumerable<Entry> entries) =>
        [.. entries.Select(static entry => new KeptFiles(entry.Checkpoint.Reference, entry.Files))];

    /// <param name="Checkpoint">The checkpoint.</param>
    /// <param name="Files">Its files; null when only its metadata tells them.</param>
    private sealed record Entry(RetainedCheckpoint Checkpoint, ImmutableArray<string>? Files);
}

/// <summary>Files of a job's checkpoints that nobody needs any more.</summary>
/// <param name="Files">They by name.</param>
/// <param name="Keep">Or, when there may be others: what is kept, with all else older than it removed. Null when the
/// names are all there are.</param>
/// <param name="Below">With <paramref name="Keep"/>: files of this epoch's checkpoints from this number on are left
/// alone.</param>
internal sealed record CheckpointGarbage(
    ImmutableArray<string> Files, ImmutableArray<KeptFiles>? Keep, long Below)
{
    public static readonly CheckpointGarbage Nothing = new([], Keep: null, 0);

    public bool IsEmpty => Files.IsEmpty && Keep is null;
}

/// <summary>A checkpoint whose files are kept.</summary>
/// <param name="Checkpoint">Where it is.</param>
/// <param name="Files">Its files; null when its metadata is to be asked.</param>
internal sealed record KeptFiles(CheckpointReference Checkpoint, ImmutableArray<string>? Files);
