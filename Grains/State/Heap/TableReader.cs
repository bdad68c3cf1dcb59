using System.Runtime.CompilerServices;
using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>Reads entries of keys that are not there into a table, many at once.</summary>
/// <param name="name">Of the state, for errors.</param>
/// <param name="table">Gets them.</param>
/// <param name="codec">Reads what entries are found by.</param>
/// <param name="values">Reads what follows that.</param>
internal sealed class TableReader<TEntry, TKept>(
    string name, KeyedTable<TEntry, TKept> table, EntryCodec<TEntry> codec, EntryValues<TKept> values)
    : EntriesReader
{
    private readonly TEntry[] _keys = new TEntry[KeyedTable<TEntry, TKept>.PageEntries];
    private readonly bool _isBlock = codec.IsBlock && values.AreBlocks && IsWithoutGaps();

    // Places of a table that was empty are found in one go behind the last entry; else each key is looked for.
    private readonly bool _gathers = table.Count == 0;
    private uint[] _guesses = [];

    public override void Read(ref RecordReader reader, scoped Span<ulong> hashes)
    {
        for (int done = 0; done < hashes.Length;)
        {
            Span<KeyedTable<TEntry, TKept>.Entry> entries = table.AddUnfiled(hashes.Length - done);
            if (_isBlock)
            {
                ReadBlock(ref reader, entries);
            }
            else
            {
                ReadEach(ref reader, entries);
            }

            Span<ulong> some = hashes.Slice(done, entries.Length);
            Hash(entries, some);
            if (!TryFile(some))
            {
                ThrowTwice();
            }

            done += entries.Length;
        }
    }

    public override void End()
    {
        if (_gathers && !table.TrySettle())
        {
            ThrowTwice();
        }
    }

    // Bytes of a key and its value are an entry then.
    private static bool IsWithoutGaps()
    {
        KeyedTable<TEntry, TKept>.Entry entry = default;
        return Unsafe.SizeOf<KeyedTable<TEntry, TKept>.Entry>() == Unsafe.SizeOf<TEntry>() + Unsafe.SizeOf<TKept>()
            && Unsafe.ByteOffset(
                ref Unsafe.As<TEntry, byte>(ref entry.Key), ref Unsafe.As<TKept, byte>(ref entry.Value))
                == Unsafe.SizeOf<TEntry>();
    }

    private static void ReadBlock(ref RecordReader reader, Span<KeyedTable<TEntry, TKept>.Entry> entries)
    {
        int bytes = entries.Length * Unsafe.SizeOf<KeyedTable<TEntry, TKept>.Entry>();
        Unsafe.CopyBlockUnaligned(
            ref Unsafe.As<KeyedTable<TEntry, TKept>.Entry, byte>(ref entries[0]),
            in reader.Take(bytes),
            (uint)bytes);
    }

    private void ReadEach(ref RecordReader reader, Span<KeyedTable<TEntry, TKept>.Entry> entries)
    {
        foreach (ref KeyedTable<TEntry, TKept>.Entry entry in entries)
        {
            entry.Key = codec.Read(ref reader);
            if (entry.Key is null)
            {
                reader.ThrowCorrupted($"state '{name}' has a key that is null");
            }

            entry.Value = values.Read(ref reader);
        }
    }

    private void Hash(ReadOnlySpan<KeyedTable<TEntry, TKept>.Entry> entries, Span<ulong> hashes)
    {
        Span<TEntry> keys = _keys.AsSpan(0, entries.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = entries[i].Key;
        }

        codec.Hasher.HashBatch(keys, hashes);
    }

    private bool TryFile(ReadOnlySpan<ulong> hashes)
    {
        if (_gathers)
        {
            return table.TryGather(hashes);
        }

        if (_guesses.Length < hashes.Length)
        {
            _guesses = new uint[hashes.Length];
        }

        return table.TryFile(hashes, _guesses);
    }

    private void ThrowTwice() =>
        new RecordReader(default).ThrowCorrupted($"state '{name}' has two entries for one key");
}

/// <summary>How the values of entries are read.</summary>
/// <param name="Read">Reads the next one.</param>
/// <param name="AreBlocks">Whether their bytes in memory are their bytes in a record.</param>
internal readonly record struct EntryValues<TKept>(EntryValues<TKept>.Reader Read, bool AreBlocks)
{
    /// <summary>Reads a value.</summary>
    public delegate TKept Reader(ref RecordReader reader);

    /// <summary>As a serializer reads them.</summary>
    public static EntryValues<TKept> Of(TypeSerializer<TKept> serializer) =>
        new(serializer.Read, serializer is IBlockSerializer);
}
