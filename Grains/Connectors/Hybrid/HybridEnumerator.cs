using Millrace.Serialization;

namespace Millrace.Connectors.Hybrid;

/// <summary>Hands out the splits of one source until every subtask has asked in vain, which it does when it has read
/// all it was given, and then those of the next.</summary>
internal sealed class HybridEnumerator<T>(
    IReadOnlyList<HybridPart<T>> parts, SplitEnumeratorContext context, byte[]? snapshot)
    : ISplitEnumerator<HybridSplit>
{
    private readonly HashSet<int> _done = [];

    // Of sources before the present one: their readers failed.
    private readonly List<HybridSplit> _back = [];
    private ISplitEnumerator<byte[]>? _inner;
    private int _current;

    private ISplitEnumerator<byte[]> Inner =>
        _inner ?? throw new InvalidOperationException("The enumerator is asked before it was started.");

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        byte[]? inner = null;
        if (snapshot is not null)
        {
            HybridState state = ShapedValues.Read<HybridState>(snapshot, new SerializerSet())[0];
            _current = state.Current;
            _back.AddRange(state.Back);
            inner = state.Inner;
        }

        _inner = parts[_current].Enumerator(context, inner);
        await _inner.StartAsync(cancellationToken);
    }

    public async ValueTask<SplitAssignment<HybridSplit>> NextAsync(int subtask, CancellationToken cancellationToken)
    {
        if (_back.Count > 0)
        {
            HybridSplit back = _back[0];
            _back.RemoveAt(0);
            _done.Remove(subtask);
            return SplitAssignment<HybridSplit>.Of(back);
        }

        SplitAssignment<byte[]> next = await Inner.NextAsync(subtask, cancellationToken);
        switch (next.Kind)
        {
            case SplitAssignmentKind.Assigned:
                _done.Remove(subtask);
                return SplitAssignment<HybridSplit>.Of(new HybridSplit(_current, next.Split!));
            case SplitAssignmentKind.NotNow:
                return SplitAssignment<HybridSplit>.NotNow;
            default:
                break;
        }

        if (_current == parts.Count - 1)
        {
            return SplitAssignment<HybridSplit>.NoMore;
        }

        _done.Add(subtask);
        if (_done.Count == context.Parallelism)
        {
            await SwitchAsync(cancellationToken);
        }

        return SplitAssignment<HybridSplit>.NotNow;
    }

    public void AddBack(IReadOnlyList<HybridSplit> splits, int subtask)
    {
        _done.Remove(subtask);
        _back.AddRange(splits.Where(split => split.Source < _current));
        byte[][] present = [.. splits.Where(split => split.Source == _current).Select(split => split.Split)];
        if (present.Length > 0)
        {
            Inner.AddBack(present, subtask);
        }
    }

    public byte[] Snapshot() =>
        ShapedValues.Write([new HybridState(_current, Inner.Snapshot(), [.. _back])], new SerializerSet());

    public ValueTask DisposeAsync() => _inner?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask SwitchAsync(CancellationToken cancellationToken)
    {
        ISplitEnumerator<byte[]> next = parts[_current + 1].Enumerator(context, null);
        try
        {
            await next.StartAsync(cancellationToken);
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }

        ISplitEnumerator<byte[]> last = Inner;
        _inner = next;
        _current++;
        _done.Clear();
        await last.DisposeAsync();
    }
}

/// <summary>What a hybrid enumerator keeps.</summary>
/// <param name="Current">Which source is read, from 0.</param>
/// <param name="Inner">What its enumerator keeps.</param>
/// <param name="Back">Splits of sources before it that are to be read again.</param>
internal sealed record HybridState(int Current, byte[] Inner, HybridSplit[] Back);
