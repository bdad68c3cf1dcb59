using Millrace.Execution.Files;
using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>The state of one subtask in one checkpoint, of which only what is asked for is read.</summary>
/// <remarks>
/// What says where everything is is read first, by one reader: most of it stands at the end, and is small. So the end
/// is read in one go, and around other small parts their neighbours, which are kept until <see cref="Forget"/>. A file
/// is opened with the first read.
/// </remarks>
internal sealed class SnapshotSource : IDisposable
{
    // Of a small file the end is small too: most of what is read of it should be state.
    private const int MostTailBytes = 64 << 10;
    private const int LeastTailBytes = 4 << 10;
    private const int TailShare = 16;

    // Where an operator's state ends and that of the next one begins, there are an index and a preamble.
    private const int NearBytes = 4 << 10;

    // Behind the first preamble another one may stand, of the first operator.
    private const int HeadBytes = 64;

    private readonly Func<Task<StoredFile>>? _open;
    private StoredFile? _file;
    private Kept _tail;
    private Kept _near;

    /// <param name="place">Where the bytes are from, for errors.</param>
    /// <param name="bytes">All of them.</param>
    public SnapshotSource(string place, ReadOnlyMemory<byte> bytes)
    {
        Place = place;
        Length = bytes.Length;
        _tail = new Kept(0, bytes);
    }

    /// <param name="place">Where the file is, for errors.</param>
    /// <param name="length">Number of its bytes.</param>
    /// <param name="open">Opens it; called once or never. It belongs to the source.</param>
    public SnapshotSource(string place, long length, Func<Task<StoredFile>> open)
    {
        Place = place;
        Length = length;
        _open = open;
    }

    /// <summary>Whether its bytes are in memory anyway.</summary>
    public bool IsInMemory => _open is null;

    /// <summary>Where it is from.</summary>
    public string Place { get; }

    /// <summary>CRC-32C of all bytes, if it is known and was not compared.</summary>
    public uint? Checksum { get; init; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Reads some bytes. One reader at a time.</summary>
    /// <exception cref="RecordCorruptedException">They are not there.</exception>
    /// <exception cref="IOException">They cannot be read; trying again may help.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ByteRange range, CancellationToken cancellationToken)
    {
        if (range.Offset < 0 || range.Length > Length - range.Offset || range.Length > RecordLimits.MaxBytes)
        {
            new RecordReader(default).ThrowCorrupted(
                $"{range.Length} bytes from byte {range.Offset} on are to be read, of {Length}");
        }

        if (_open is not null)
        {
            _file ??= await _open();
            await LookAroundAsync(_file, range, cancellationToken);
        }

        return _tail.Has(range) || _near.Has(range)
            ? (_tail.Has(range) ? _tail : _near).Of(range)
            : (await ReadAsync(_file!, range, cancellationToken)).Bytes;
    }

    /// <summary>Reads some bytes of the file, once something was read of it; blocks. From any thread.</summary>
    /// <param name="offset">Of the first one.</param>
    /// <param name="into">Where they go, all of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public void Read(long offset, Memory<byte> into, CancellationToken cancellationToken) =>
        _file!.Read(offset, into, cancellationToken);

    /// <summary>It is known where everything is: of a file nothing is kept in memory any more.</summary>
    public void Forget()
    {
        if (_open is not null)
        {
            _tail = default;
            _near = default;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private async ValueTask LookAroundAsync(StoredFile file, ByteRange range, CancellationToken cancellationToken)
    {
        if (_tail.IsEmpty && Length > 0)
        {
            long tail = Math.Min(Length, Math.Clamp(Length / TailShare, LeastTailBytes, MostTailBytes));
            _tail = await ReadAsync(file, new ByteRange(Length - tail, tail), cancellationToken);
        }

        if (range.Length <= NearBytes && !_tail.Has(range) && !_near.Has(range))
        {
            long first = Math.Max(0, range.Offset - NearBytes);
            long after = first == 0 ? HeadBytes : NearBytes;
            long end = Math.Max(
                range.Offset + range.Length, Math.Min(_tail.Offset, range.Offset + range.Length + after));
            _near = await ReadAsync(file, new ByteRange(first, end - first), cancellationToken);
        }
    }

    private static async ValueTask<Kept> ReadAsync(
        StoredFile file, ByteRange range, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)range.Length);
        await file.ReadAsync(range.Offset, bytes, cancellationToken);
        return new Kept(range.Offset, bytes);
    }

    /// <summary>Bytes that are in memory.</summary>
    private readonly record struct Kept(long Offset, ReadOnlyMemory<byte> Bytes)
    {
        public bool IsEmpty => Bytes.IsEmpty;

        public bool Has(ByteRange range) =>
            range.Offset >= Offset && range.Offset + range.Length <= Offset + Bytes.Length;

        public ReadOnlyMemory<byte> Of(ByteRange range) => Bytes.Slice((int)(range.Offset - Offset), (int)range.Length);
    }
}

/// <summary>Neighbouring bytes.</summary>
/// <param name="Offset">Of the first one.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct ByteRange(long Offset, long Length);
