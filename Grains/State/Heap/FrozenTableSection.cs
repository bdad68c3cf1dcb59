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
    private const int EntriesOfPage = KeyedTable<TKey, TValue>.PageEntries;

    private readonly KeyHasher<TKey> _hasher = writer.Hasher;

    public override bool IsDelta => table.KnowsChanges;

    public override IEnumerable<int> WriteRemoved(GroupedEntries to)
    {
        int written = 0;
        foreach (TKey key in table.Removed)
        {
            writer.WriteKey(to.Begin(_hasher.Hash(in key)), in key);
            if (++written % RemovedAtOnce == 0)
            {
                yield return written;
            }
        }
    }

    public override IEnumerable<int> Write(GroupedEntries to)
    {
        for (int page = 0; page < table.Pages; page++)
        {
            for (int next = 0; next < EntriesOfPage;)
            {
                next = table.KnowsChanges ? WriteChanged(page, next, to) : WriteAll(page, next, to);
                yield return page;
            }

            table.Pass(page);
        }
    }

    public override void Dispose() => table.Dispose();

    // Until the page is at its end, or there is enough for a block.
    private int WriteAll(int page, int next, GroupedEntries to)
    {
        ReadOnlySpan<KeyedTable<TKey, TValue>.Entry> entries = table.PageAt(page);
        do
        {
            Write(in entries[next++], to);
        }
        while (next < entries.Length && !to.IsFull);
        return next < entries.Length ? next : EntriesOfPage;
    }

    private int WriteChanged(int page, int next, GroupedEntries to)
    {
        ReadOnlySpan<ulong> words = table.ChangedOf(page);
        if (words.IndexOfAnyExcept(0UL) < 0)
        {
            return EntriesOfPage;
        }

        ReadOnlySpan<KeyedTable<TKey, TValue>.Entry> entries = table.ChangedAt(page, words);
        for (int word = next >> WordBits; word < words.Length; word++)
        {
            ulong ahead = word == next >> WordBits ? ulong.MaxValue << next : ulong.MaxValue;
            for (ulong left = words[word] & ahead; left != 0; left &= left - 1)
            {
                int at = (word << WordBits) + BitOperations.TrailingZeroCount(left);
                if (at >= entries.Length)
                {
                    return EntriesOfPage;
                }

                Write(in entries[at], to);
                if (to.IsFull)
                {
                    return at + 1;
                }
            }
        }

        return EntriesOfPage;
    }

    private void Write(in KeyedTable<TKey, TValue>.Entry entry, GroupedEntries to)
    {
        RecordWriter bytes = to.Begin(_hasher.Hash(in entry.Key));
        writer.WriteKey(bytes, in entry.Key);
        writer.WriteValue(bytes, in entry.Value);
    }
}
