using System.Collections;
using Millrace.Serialization;

namespace Millrace.State.OperatorStates;

/// <summary>A list of one subtask, in memory.</summary>
/// <remarks>Elements that can change are copied on their way in and out, so that they do not: a frozen list shares
/// them.</remarks>
internal sealed class OperatorListState<T>(OperatorStateKind kind, string name, SerializerSet serializers)
    : IListState<T>, IOperatorState
{
    private readonly TypeSerializer<T> _serializer = serializers.Get<T>();
    private List<T> _kept = [];
    private bool _isFrozen;

    public OperatorStateHeader Header => new(kind, name, null, _serializer.Shape);

    public int Count => _kept.Count;

    public T this[int index] => Copy(_kept[index]);

    public void Add(T element)
    {
        T copy = Copy(element);
        Own().Add(copy);
    }

    // Copied before anything changes: the elements may come from this very list, or fail on their way.
    public void AddAll(IEnumerable<T> elements)
    {
        List<T> copies = CopyAll(elements);
        Own().AddRange(copies);
    }

    public void Update(IEnumerable<T> elements)
    {
        _kept = CopyAll(elements);
        _isFrozen = false;
    }

    public void Clear()
    {
        if (_isFrozen)
        {
            _kept = [];
            _isFrozen = false;
            return;
        }

        _kept.Clear();
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (T element in _kept)
        {
            yield return Copy(element);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public IFrozenOperatorState Freeze()
    {
        _isFrozen = true;
        return new FrozenList(Header, _kept, _serializer);
    }

    public void Restore(IReadOnlyList<StoredOperatorState> stored, int snapshots, int subtask, int parallelism)
    {
        // With the parallelism unchanged each subtask goes on with its own.
        if (kind == OperatorStateKind.List && snapshots == parallelism)
        {
            Read([.. stored.Where(state => state.Subtask == subtask)]);
            return;
        }

        Read(stored);
        if (kind == OperatorStateKind.List)
        {
            int first = FirstOf(subtask, parallelism);
            _kept = _kept.GetRange(first, FirstOf(subtask + 1, parallelism) - first);
        }
    }

    private List<T> Own()
    {
        if (_isFrozen)
        {
            _kept = [.. _kept];
            _isFrozen = false;
        }

        return _kept;
    }

    private int FirstOf(int subtask, int parallelism) => (int)((long)_kept.Count * subtask / parallelism);

    private void Read(IReadOnlyList<StoredOperatorState> stored)
    {
        foreach (StoredOperatorState state in stored)
        {
            TypeSerializer<T> serializer = serializers.CreateReader<T>(state.Header.Value);
            RecordReader reader = new(state.Bytes.Span);
            for (int i = 0; i < state.Elements; i++)
            {
                _kept.Add(serializer.Read(ref reader));
            }

            reader.ExpectEnd();
        }
    }

    private T Copy(T element) => _serializer.IsImmutable ? element : _serializer.Copy(element);

    private List<T> CopyAll(IEnumerable<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        List<T> copies = [];
        foreach (T element in elements)
        {
            copies.Add(Copy(element));
        }

        return copies;
    }

    private sealed class FrozenList(OperatorStateHeader header, List<T> kept, TypeSerializer<T> serializer)
        : IFrozenOperatorState
    {
        public OperatorStateHeader Header => header;

        public int Elements => kept.Count;

        public void Write(RecordWriter writer)
        {
            foreach (T element in kept)
            {
                serializer.Write(writer, in element);
            }
        }
    }
}
