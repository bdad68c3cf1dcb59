using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>What states in memory have in common: a table, and the entry of it that is asked for.</summary>
/// <typeparam name="TEntry">What entries are found by.</typeparam>
/// <typeparam name="TKept">What is kept for an entry.</typeparam>
internal abstract class HeapState<TEntry, TKept>(HeapStateParts<TEntry> parts, Func<TKept, TKept>? copy)
    : KeyedSection, IHeapEntries<TEntry>, ITableWriter<TEntry, TKept>
{
    // A table may hold more; it makes room for them as they come.
    private const int MostReserved = 1 << 27;

    private readonly StateCursor<TEntry> _cursor = parts.Cursor;
    private readonly EntryCodec<TEntry> _codec = parts.Codec;

    // What was found last: mostly what is read is set again. The table checks it.
    private uint _guess;

    /// <summary>What is kept by entry.</summary>
    public KeyedTable<TEntry, TKept> Table { get; } = new(parts.Codec.Hasher, copy);

    public KeyHasher<TEntry> Hasher => parts.Codec.Hasher;

    public sealed override int EntryCount => Table.Count;

    /// <summary>The state's name.</summary>
    protected string Name => parts.Name;

    public TEntry EntryAt(int index) => Table.KeyAt(index);

    public sealed override FrozenSection Freeze(in SnapshotOrder order) =>
        new FrozenTableSection<TEntry, TKept>(Table.Freeze(in order), this);

    public sealed override void Completed(long checkpoint) => Table.Completed(checkpoint);

    public void WriteKey(RecordWriter writer, in TEntry key) => _codec.Write(writer, in key);

    public abstract void WriteValue(RecordWriter writer, in TKept value);

    public sealed override void ForgetAll() => Table.Clear();

    public sealed override EntryReader ReaderOf(SectionHeader written, bool replaces)
    {
        EntryCodec<TEntry> codec = CodecOf(written);
        EntryValues<TKept> values = ValuesOf(written);
        return (ref RecordReader reader) =>
        {
            ref TKept kept = ref ReadPlace(ref reader, codec, replaces, out ulong hash);
            kept = values.Read(ref reader);
            return hash;
        };
    }

    public sealed override EntriesReader BatchReaderOf(SectionHeader written, bool replaces, long entries)
    {
        // Over what is there, each key is to be looked for.
        if (replaces)
        {
            return new SingleEntries(ReaderOf(written, replaces));
        }

        Table.Reserve((int)Math.Min(entries, MostReserved));
        return new TableReader<TEntry, TKept>(Name, Table, CodecOf(written), ValuesOf(written));
    }

    public sealed override EntryReader MoreReaderOf(SectionHeader written)
    {
        EntryCodec<TEntry> codec = CodecOf(written);
        PartReader read = MoreOf(written);
        return (ref RecordReader reader) =>
        {
            TEntry entry = ReadAddress(ref reader, codec);
            ulong hash = codec.Hasher.Hash(in entry);
            int index = Table.IndexOf(in entry, hash);
            if (index < 0)
            {
                reader.ThrowCorrupted($"state '{Name}' has a further part of an entry that is not there");
            }

            read(ref reader, Table.ChangeAt(index));
            return hash;
        };
    }

    public sealed override EntryReader RemoverOf(SectionHeader written)
    {
        EntryCodec<TEntry> codec = CodecOf(written);
        return (ref RecordReader reader) =>
        {
            TEntry entry = ReadAddress(ref reader, codec);
            ulong hash = codec.Hasher.Hash(in entry);
            Table.Remove(in entry, hash);
            return hash;
        };
    }

    /// <summary>Index of the entry at work, or -1.</summary>
    protected int Find()
    {
        RequireEntry();
        int index = Table.IndexOf(in _cursor.Entry, _cursor.Hash);
        _guess = (uint)(index + 1);
        return index;
    }

    /// <summary>Place of the entry at work, new or not, whose value is changed.</summary>
    protected ref TKept FindOrAdd(out bool exists)
    {
        RequireEntry();
        return ref Table.GetOrAdd(in _cursor.Entry, _cursor.Hash, _guess, out exists);
    }

    /// <summary>Place of the entry at work, new or not, whose value is set at once.</summary>
    protected ref TKept Overwrite()
    {
        RequireEntry();
        return ref Table.Overwrite(in _cursor.Entry, _cursor.Hash, _guess);
    }

    /// <summary>Removes the entry at work.</summary>
    protected void RemoveEntry()
    {
        RequireEntry();
        Table.Remove(in _cursor.Entry, _cursor.Hash);
    }

    // Reads the entry's address and makes its place.
    private ref TKept ReadPlace(
        ref RecordReader reader, EntryCodec<TEntry> codec, bool replaces, out ulong hash)
    {
        TEntry entry = ReadAddress(ref reader, codec);
        hash = codec.Hasher.Hash(in entry);
        ref TKept kept = ref Table.GetOrAdd(in entry, hash, out bool exists);
        if (exists && !replaces)
        {
            reader.ThrowCorrupted($"state '{Name}' has two entries for one key");
        }

        return ref kept;
    }

    /// <summary>How further parts of values are read that were written with these shapes.</summary>
    protected virtual PartReader MoreOf(SectionHeader written) => throw new IncompatibleShapeException(
        written.Name, "it was saved in parts, which a value does not have");

    /// <summary>Reads the next part of a value, and adds it to that, unless it has it.</summary>
    protected delegate void PartReader(ref RecordReader reader, TKept kept);

    /// <summary>How values are read that were written with these shapes.</summary>
    protected abstract EntryValues<TKept> ValuesOf(SectionHeader written);

    // For addresses written with other shapes.
    private EntryCodec<TEntry> CodecOf(SectionHeader written) => _codec.ReaderOf(written);

    private TEntry ReadAddress(ref RecordReader reader, EntryCodec<TEntry> codec)
    {
        TEntry entry = codec.Read(ref reader);
        if (entry is null)
        {
            reader.ThrowCorrupted($"state '{Name}' has a key that is null");
        }

        return entry;
    }

    private void RequireEntry()
    {
        if (!_cursor.IsSet)
        {
            ThrowNoKey();
        }
    }

    private void ThrowNoKey() => throw KeylessUse.OfState(Name, parts.OperatorName);
}

/// <summary>What the entries of a state in memory are found by.</summary>
internal interface IHeapEntries<TEntry>
{
    /// <summary>Of the entry at an index, below the number of entries, that is good until one is removed.</summary>
    TEntry EntryAt(int index);
}

/// <summary>What a state in memory is made from.</summary>
/// <param name="OperatorName">For errors.</param>
/// <param name="Name">The state's name.</param>
/// <param name="Cursor">Says which entry is at work.</param>
/// <param name="Codec">Of what entries are found by.</param>
internal sealed record HeapStateParts<TEntry>(
    string OperatorName, string Name, StateCursor<TEntry> Cursor, EntryCodec<TEntry> Codec);
