namespace Millrace.Connectors.Files.Reading;

/// <summary>The packed bytes of a gzip file: gives them to the decoder, and remembers those it gave last.</summary>
internal sealed class GzipInput(Stream packed) : ForwardStream
{
    private const int BlockBytes = 8 << 10;

    // Flags of a header.
    private const int HasHeaderChecksum = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;

    private readonly byte[] _given = new byte[BlockBytes];
    private int _givenCount;

    // Taken back from the decoder; comes before the rest of the file.
    private byte[] _back = [];
    private int _backAt;
    private bool _isFirstMember = true;

    /// <summary>Reads the header of the next member, after zeros that fill up a tape block.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidDataException">What follows is no header.</exception>
    public bool TryReadHeader()
    {
        int first = NextByte();
        while (first == 0 && !_isFirstMember)
        {
            first = NextByte();
        }

        if (first < 0)
        {
            return false;
        }

        if (first != 0x1F || NextByte() != 0x8B || NextByte() != 8)
        {
            throw new InvalidDataException(
                _isFirstMember ? "it does not begin as one" : "something else follows the packed data");
        }

        _isFirstMember = false;
        int flags = HeaderByte();
        Skip(6);
        if ((flags & HasExtra) != 0)
        {
            Skip(HeaderByte() | (HeaderByte() << 8));
        }

        SkipText((flags & HasName) != 0);
        SkipText((flags & HasComment) != 0);
        Skip((flags & HasHeaderChecksum) != 0 ? 2 : 0);
        return true;
    }

    /// <summary>After a member's data: goes back to just behind its trailer.</summary>
    /// <returns>False when the trailer is not there.</returns>
    public bool TryPassTrailer(ReadOnlySpan<byte> trailer)
    {
        byte[] region = new byte[_givenCount + trailer.Length];
        _given.AsSpan(0, _givenCount).CopyTo(region);
        int count = _givenCount + ReadNext(region.AsSpan(_givenCount));
        int at = region.AsSpan(0, count).IndexOf(trailer);
        if (at < 0)
        {
            return false;
        }

        TakeBack(region.AsSpan(at + trailer.Length, count - at - trailer.Length));
        _givenCount = 0;
        return true;
    }

    public override int Read(Span<byte> buffer)
    {
        int count = ReadSome(buffer[..Math.Min(buffer.Length, BlockBytes)]);
        if (count > 0)
        {
            buffer[..count].CopyTo(_given);
            _givenCount = count;
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private int NextByte()
    {
        Span<byte> one = stackalloc byte[1];
        return ReadSome(one) == 0 ? -1 : one[0];
    }

    private int HeaderByte()
    {
        int value = NextByte();
        return value >= 0 ? value : throw new InvalidDataException("it was cut off in a header");
    }

    private void Skip(int count)
    {
        for (int i = 0; i < count; i++)
        {
            HeaderByte();
        }
    }

    private void SkipText(bool isThere)
    {
        while (isThere && HeaderByte() != 0)
        {
        }
    }

    private int ReadNext(Span<byte> bytes)
    {
        int count = 0;
        while (count < bytes.Length)
        {
            int more = ReadSome(bytes[count..]);
            if (more == 0)
            {
                break;
            }

            count += more;
        }

        return count;
    }

    private int ReadSome(Span<byte> bytes)
    {
        if (_backAt == _back.Length)
        {
            return packed.Read(bytes);
        }

        int count = Math.Min(bytes.Length, _back.Length - _backAt);
        _back.AsSpan(_backAt, count).CopyTo(bytes);
        _backAt += count;
        return count;
    }

    private void TakeBack(ReadOnlySpan<byte> bytes)
    {
        // What was taken back before and not given again comes after these.
        _back = [.. bytes, .. _back.AsSpan(_backAt)];
        _backAt = 0;
    }
}
