using System.IO.Hashing;
using System.Runtime.InteropServices;
using Millrace.Serialization;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Lists the input again and again, and hands out each file once.</summary>
/// <remarks>It remembers 16 bytes of each file that is there; a file that is gone is forgotten, so that a later one of
/// the same name is another file.</remarks>
internal sealed class WatchingEnumerator(
    IReadOnlyList<string> paths,
    SplitPlan plan,
    TimeSpan interval,
    SplitEnumeratorContext context,
    byte[]? snapshot) : ISplitEnumerator<FileSplit>
{
    // How names of files end that are still being written, as those who write them have agreed.
    private static readonly string[] Unfinished = [".tmp", ".part", ".inprogress"];

    private readonly LinkedList<FileSplit> _waiting = new();
    private HashSet<UInt128> _seen = [];
    private long _lookedAt;

    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (snapshot is not null)
        {
            WatchedFiles watched = ShapedValues.Read<WatchedFiles>(snapshot, new SerializerSet())[0];
            _seen = [.. watched.Seen];
            Enqueue(watched.Waiting);
        }

        Look(cancellationToken);
        return ValueTask.CompletedTask;
    }

    public ValueTask<SplitAssignment<FileSplit>> NextAsync(int subtask, CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0 && context.Time.GetElapsedTime(_lookedAt) >= interval)
        {
            Look(cancellationToken);
        }

        if (_waiting.First is not { } first)
        {
            return new(SplitAssignment<FileSplit>.NotNow);
        }

        _waiting.RemoveFirst();
        return new(SplitAssignment<FileSplit>.Of(first.Value));
    }

    public void AddBack(IReadOnlyList<FileSplit> splits, int subtask)
    {
        for (int i = splits.Count - 1; i >= 0; i--)
        {
            _waiting.AddFirst(splits[i]);
        }
    }

    public byte[] Snapshot() =>
        ShapedValues.Write([new WatchedFiles([.. _seen], [.. _waiting])], new SerializerSet());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsFinished(InputFile file) => !Array.Exists(
        Unfinished, ending => file.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static UInt128 IdentityOf(InputFile file) =>
        XxHash128.HashToUInt128(MemoryMarshal.AsBytes(file.Path.AsSpan()));

    private void Look(CancellationToken cancellationToken)
    {
        // An error leaves all as it was: what is not listed then is not gone.
        IReadOnlyList<InputFile> present =
            InputFiles.Watch(paths, context.WorkingDirectory, cancellationToken);
        HashSet<UInt128> seen = [];
        List<InputFile> found = [];
        foreach (InputFile file in present.Where(IsFinished))
        {
            UInt128 identity = IdentityOf(file);
            seen.Add(identity);
            if (!_seen.Contains(identity))
            {
                found.Add(file);
            }
        }

        _seen = seen;
        Enqueue(plan.Of(found));
        _lookedAt = context.Time.GetTimestamp();
    }

    private void Enqueue(IReadOnlyList<FileSplit> splits)
    {
        foreach (FileSplit split in splits)
        {
            _waiting.AddLast(split);
        }
    }
}

/// <summary>What a watching enumerator keeps.</summary>
/// <param name="Seen">128 bits of XXH3 of the path (UTF-16) of each file that is there and was found.</param>
/// <param name="Waiting">Splits that were not handed out.</param>
internal sealed record WatchedFiles(UInt128[] Seen, FileSplit[] Waiting);
