using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Unpacks gzip (RFC 1952), member after member, and checks length and checksum of each.</summary>
/// <remarks>
/// The class library's own stream takes a file that was cut off for a complete one. This one unpacks the bare deflate
/// stream of each member and then finds the member's trailer in what was given to the decoder last: the decoder does
/// not say how much of it was used, but the trailer is known by then.
/// </remarks>
internal sealed class GzipContent : ForwardStream
{
    private const int TrailerBytes = 8;

    private readonly GzipInput _input;
    private readonly Crc32 _checksum = new();
    private uint _memberBytes;
    private DeflateStream? _member;

    /// <param name="packed">Read to its end, and disposed with this.</param>
    public GzipContent(Stream packed) => _input = new GzipInput(packed);

    /// <exception cref="InvalidDataException">The file is damaged, or ends early.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_member is null)
            {
                if (!_input.TryReadHeader())
                {
                    return 0;
                }

                _member = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
            }

            int count = _member.Read(buffer);
            if (count > 0)
            {
                _checksum.Append(buffer[..count]);
                _memberBytes += (uint)count;
                return count;
            }

            EndMember();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void EndMember()
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[sizeof(uint)..], _memberBytes);
        if (!_input.TryPassTrailer(trailer))
        {
            throw new InvalidDataException("it is damaged, or was cut off");
        }

        _checksum.Reset();
        _memberBytes = 0;
        _member?.Dispose();
        _member = null;
    }
}
