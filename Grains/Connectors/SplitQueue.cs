using Millrace.Serialization;

namespace Millrace.Connectors;

/// <summary>Hands out splits that are all known at the start, in order, to whoever asks.</summary>
/// <param name="snapshot">What another one left, to be handed out instead of what there is; null to begin.</param>
internal abstract class SplitQueue<TSplit>(byte[]? snapshot) : ISplitEnumerator<TSplit>
{
    private readonly LinkedList<TSplit> _waiting = new();

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<TSplit> splits = snapshot is null
            ? await FindAsync(cancellationToken)
            : ShapedValues.Read<TSplit>(snapshot, new SerializerSet());
        foreach (TSplit split in splits)
        {
            _waiting.AddLast(split);
        }
    }

    public ValueTask<SplitAssignment<TSplit>> NextAsync(int subtask, CancellationToken cancellationToken)
    {
        if (_waiting.First is not { } first)
        {
            return new(SplitAssignment<TSplit>.NoMore);
        }

        _waiting.RemoveFirst();
        return new(SplitAssignment<TSplit>.Of(first.Value));
    }

    /// <summary>Splits that come back are handed out first: they were begun first.</summary>
    public void AddBack(IReadOnlyList<TSplit> splits, int subtask)
    {
        for (int i = splits.Count - 1; i >= 0; i--)
        {
            _waiting.AddFirst(splits[i]);
        }
    }

    public byte[] Snapshot() => ShapedValues.Write(_waiting, new SerializerSet());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Finds all splits, in the order in which they are to be handed out.</summary>
    protected abstract ValueTask<IReadOnlyList<TSplit>> FindAsync(CancellationToken cancellationToken);
}
