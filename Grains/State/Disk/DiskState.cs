using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Disk;

/// <summary>A state on the disk, whatever its entries are. Belongs to one loop.</summary>
internal abstract class DiskState(string name, int number) : RestorableSection
{
    // A state is looked up before its records when one record in so many has asked for it.
    private const int WorthwhileShare = 4;

    private int _uses;
    private int _records;

    /// <summary>The state's name.</summary>
    public string Name => name;

    /// <summary>What its rows are told from those of others by.</summary>
    public int Number => number;

    /// <summary>Records with keys that are known are about to be worked on.</summary>
    /// <returns>Whether the state's rows for them should be looked up at once, as far as the records before tell.
    /// </returns>
    public bool IsWanted(int records)
    {
        bool isWanted = this is IOneRowState && _uses > 0 && _uses >= _records / WorthwhileShare;
        _uses = 0;
        _records = records;
        return isWanted;
    }

    /// <summary>Appends the entry at which a scan stands, and goes behind it; of a large one the first part. From any
    /// thread.</summary>
    /// <param name="scan">Goes through rows of the state.</param>
    /// <param name="writer">Takes the bytes.</param>
    /// <param name="room">For what has to be counted first.</param>
    /// <returns>What is left of it; null for nothing.</returns>
    public abstract EntryRest? WriteEntry(RocksScan scan, RecordWriter writer, RecordWriter room);

    /// <summary>Appends the next part of an entry, and goes behind that when it is the last one. From any
    /// thread.</summary>
    /// <param name="rest">What was left of it.</param>
    /// <param name="scan">Stands at the row that it says.</param>
    /// <param name="writer">Takes the bytes.</param>
    /// <param name="room">For what has to be counted first.</param>
    /// <returns>What is left of it; null for nothing.</returns>
    public virtual EntryRest? WriteMore(EntryRest rest, RocksScan scan, RecordWriter writer, RecordWriter room) =>
        throw new NotSupportedException($"State '{Name}' has no parts.");

    /// <summary>Length of what the rows of an entry have in common. From any thread.</summary>
    /// <param name="row">One of them.</param>
    public virtual int LengthOfEntry(ReadOnlySpan<byte> row) => row.Length;

    /// <summary>Whether what a row of a state with a time to live holds is over.</summary>
    /// <param name="row">The row's key.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="expiry">When values are over.</param>
    /// <param name="now">Milliseconds since 1970-01-01 UTC.</param>
    public abstract bool IsOver(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, Expiry expiry, long now);

    /// <summary>A row's key without what all rows of a state begin with.</summary>
    public static ReadOnlySpan<byte> EntryOf(ReadOnlySpan<byte> row) => row[RowCursor.PrefixBytes..];

    /// <summary>The state is asked for its entry.</summary>
    protected void Used() => _uses++;
}

/// <inheritdoc/>
/// <typeparam name="TEntry">What entries are found by.</typeparam>
internal abstract class DiskState<TEntry>(DiskStateParts<TEntry> parts)
    : DiskState(parts.Name, parts.Number), ISweptRows
{
    private readonly RowCursor<TEntry> _cursor = parts.Cursor;
    private RowSweep? _sweep;
    private LastUse? _lastUse;

    /// <summary>Changes with the entry at work.</summary>
    protected int EntryVersion => _cursor.Version;

    protected DiskRows Rows { get; } = parts.Rows;

    /// <summary>Room for a value that is written.</summary>
    protected RecordWriter Writer { get; } = parts.Writer;

    /// <summary>Of values, elements or map values that have a time to live.</summary>
    protected LastUse LastUse => _lastUse ??= new LastUse(Header.Value!);

    /// <summary>The codec of entries.</summary>
    protected EntryCodec<TEntry> Codec => parts.Codec;

    /// <summary>Bytes of a part of an entry that is larger.</summary>
    protected int PartBytes => parts.Settings.PartBytes;

    public void Sweep(int looks, Expiry expiry, long now)
    {
        _sweep ??= new RowSweep(Rows, this, parts.Settings.Range);
        _sweep.Go(looks, expiry, now);
    }

    public sealed override EntryReader RemoverOf(SectionHeader written)
    {
        EntryCodec<TEntry> codec = Codec.ReaderOf(written);
        return (ref RecordReader reader) =>
        {
            ulong hash = ReadEntry(ref reader, codec);
            Clear();
            return hash;
        };
    }

    /// <summary>Removes what is kept for the entry at work, if there is anything.</summary>
    public abstract void Clear();

    /// <summary>The row of the entry at work, or the beginning of all of its rows.</summary>
    /// <exception cref="InvalidStateUseException">There is no such entry.</exception>
    protected ReadOnlySpan<byte> Row()
    {
        RequireEntry();
        Used();
        return _cursor.Row(Number);
    }

    /// <summary>Whether a row is that of the entry at work.</summary>
    protected bool IsAtWork(ReadOnlySpan<byte> row) => _cursor.IsSet && _cursor.Row(Number).SequenceEqual(row);

    /// <summary>The row of the entry at work, to which more is appended.</summary>
    /// <exception cref="InvalidStateUseException">There is no such entry.</exception>
    protected RowCursor Cursor()
    {
        RequireEntry();
        return _cursor;
    }

    /// <summary>Reads an entry's key and namespace from a snapshot, and makes it the one at work.</summary>
    /// <returns>Its hash.</returns>
    protected ulong ReadEntry(ref RecordReader reader, EntryCodec<TEntry> written)
    {
        TEntry entry = written.Read(ref reader);
        if (entry is null)
        {
            reader.ThrowCorrupted($"state '{Name}' has a key that is null");
        }

        ulong hash = Codec.Hasher.Hash(in entry);
        _cursor.Set(in entry, hash);
        return hash;
    }

    private void RequireEntry()
    {
        if (!_cursor.IsSet)
        {
            ThrowNoKey();
        }
    }

    private void ThrowNoKey() => throw KeylessUse.OfState(Name, parts.Settings.OperatorName);
}

/// <summary>What a state on the disk is made from.</summary>
/// <param name="Settings">Of the operator.</param>
/// <param name="Name">The state's name.</param>
/// <param name="Number">What its rows are told from those of others by.</param>
/// <param name="Cursor">Says which entry is at work.</param>
/// <param name="Codec">Of what entries are found by.</param>
/// <param name="Rows">Where they are kept.</param>
/// <param name="Writer">Room for a value that is written; of all states.</param>
internal sealed record DiskStateParts<TEntry>(
    KeyedStateSettings Settings,
    string Name,
    int Number,
    RowCursor<TEntry> Cursor,
    EntryCodec<TEntry> Codec,
    DiskRows Rows,
    RecordWriter Writer);
