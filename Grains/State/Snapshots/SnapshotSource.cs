using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>The state of one subtask in one checkpoint, of which only what is asked for is read.</summary>
/// <remarks>What says where everything is stands at the end: the last bytes are read once and kept.</remarks>
internal sealed class SnapshotSource : IDisposable
{
    private const int TailBytes = 64 << 10;

    private readonly Stream? _stream;
    private ReadOnlyMemory<byte> _tail;

    /// <param name="place">Where the bytes are from, for errors.</param>
    /// <param name="bytes">All of them.</param>
    public SnapshotSource(string place, ReadOnlyMemory<byte> bytes)
    {
        Place = place;
        Length = bytes.Length;
        _tail = bytes;
    }

    /// <param name="place">Where the stream is from, for errors.</param>
    /// <param name="stream">Seekable; it belongs to the source.</param>
    public SnapshotSource(string place, Stream stream)
    {
        Place = place;
        Length = stream.Length;
        _stream = stream;
    }

    /// <summary>Whether its bytes are in memory anyway.</summary>
    public bool IsInMemory => _stream is null;

    /// <summary>Where it is from.</summary>
    public string Place { get; }

    /// <summary>CRC-32C of all bytes, if it is known and was not compared.</summary>
    public uint? Checksum { get; init; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Reads some bytes.</summary>
    /// <exception cref="RecordCorruptedException">They are not there.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ByteRange range, CancellationToken cancellationToken)
    {
        await PrepareAsync(range, cancellationToken);
        return IsKept(range)
            ? Kept(range)
            : await ReadStreamAsync(_stream!, range, cancellationToken);
    }

    /// <summary>Reads some bytes; blocks.</summary>
    /// <param name="offset">Of the first one.</param>
    /// <param name="into">Where they go, all of it.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public void Read(long offset, Span<byte> into)
    {
        ByteRange range = new(offset, into.Length);
        if (IsKept(range))
        {
            Kept(range).Span.CopyTo(into);
            return;
        }

        _stream!.Seek(offset, SeekOrigin.Begin);
        _stream.ReadExactly(into);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();

    private async ValueTask PrepareAsync(ByteRange range, CancellationToken cancellationToken)
    {
        if (range.Offset < 0 || range.Length > Length - range.Offset || range.Length > RecordLimits.MaxBytes)
        {
            new RecordReader(default).ThrowCorrupted(
                $"{range.Length} bytes from byte {range.Offset} on are to be read, of {Length}");
        }

        if (_stream is not null && _tail.IsEmpty && Length > 0)
        {
            int tail = (int)Math.Min(TailBytes, Length);
            _tail = await ReadStreamAsync(_stream, new ByteRange(Length - tail, tail), cancellationToken);
        }
    }

    private bool IsKept(ByteRange range) => range.Offset >= Length - _tail.Length;

    private ReadOnlyMemory<byte> Kept(ByteRange range) =>
        _tail.Slice((int)(range.Offset - (Length - _tail.Length)), (int)range.Length);

    private static async ValueTask<ReadOnlyMemory<byte>> ReadStreamAsync(
        Stream stream, ByteRange range, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)range.Length);
        stream.Seek(range.Offset, SeekOrigin.Begin);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}

/// <summary>Neighbouring bytes.</summary>
/// <param name="Offset">Of the first one.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct ByteRange(long Offset, long Length);
