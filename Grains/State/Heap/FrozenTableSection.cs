using System.Numerics;
using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>Writes the entries of a table. From any thread.</summary>
internal interface ITableWriter<TKey, TValue>
{
    /// <summary>What the table holds.</summary>
    SectionHeader Header { get; }

    /// <summary>Finds the key group of an entry.</summary>
    KeyHasher<TKey> Hasher { get; }

    /// <summary>Appends what an entry is found by.</summary>
    void WriteKey(RecordWriter writer, in TKey key);

    /// <summary>Appends what follows that.</summary>
    void WriteValue(RecordWriter writer, in TValue value);
}

/// <summary>A table as it was at a cut, with what writes it: all of it, or what has changed.</summary>
internal sealed class FrozenTableSection<TKey, TValue>(
    FrozenTable<TKey, TValue> table, ITableWriter<TKey, TValue> writer)
    : FrozenSection(writer.Header)
{
    private const int WordBits = 6;
    private const int RemovedAtOnce = 256;

    public override bool IsDelta => table.KnowsChanges;

    public override IEnumerable<int> WriteRemoved(GroupedEntries to)
    {
        IReadOnlyList<TKey> removed = table.Removed;
        for (int i = 0; i < removed.Count; i++)
        {
            TKey key = removed[i];
            writer.WriteKey(to.Begin(writer.Hasher.Hash(in key)), in key);
            if (i % RemovedAtOnce == RemovedAtOnce - 1)
            {
                yield return i;
            }
        }
    }

    public override IEnumerable<int> Write(GroupedEntries to)
    {
        for (int page = 0; page < table.Pages; page++)
        {
            if (table.KnowsChanges)
            {
                WriteChanged(page, to);
            }
            else
            {
                WriteAll(page, to);
            }

            table.Pass(page);
            yield return page;
        }
    }

    public override void Dispose() => table.Dispose();

    private void WriteAll(int page, GroupedEntries to)
    {
        foreach (ref readonly KeyedTable<TKey, TValue>.Entry entry in table.PageAt(page))
        {
            Write(in entry, to);
        }
    }

    private void WriteChanged(int page, GroupedEntries to)
    {
        ReadOnlySpan<KeyedTable<TKey, TValue>.Entry> entries = table.PageAt(page);
        ReadOnlySpan<ulong> words = table.ChangedOf(page);
        for (int word = 0; word < words.Length; word++)
        {
            for (ulong left = words[word]; left != 0; left &= left - 1)
            {
                int at = (word << WordBits) + BitOperations.TrailingZeroCount(left);
                if (at < entries.Length)
                {
                    Write(in entries[at], to);
                }
            }
        }
    }

    private void Write(in KeyedTable<TKey, TValue>.Entry entry, GroupedEntries to)
    {
        RecordWriter bytes = to.Begin(writer.Hasher.Hash(in entry.Key));
        writer.WriteKey(bytes, in entry.Key);
        writer.WriteValue(bytes, in entry.Value);
    }
}
