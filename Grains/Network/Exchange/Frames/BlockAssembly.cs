namespace Millrace.Network.Exchange.Frames;

/// <summary>Makes blocks of the frames of a channel. Belongs to the connection's reader.</summary>
/// <remarks>
/// A block in one frame stays where it was read when it is large; when it is small it is copied, so that it does not
/// hold a whole read's memory while its consumer is slow. A block of several frames is put together, in memory that
/// grows with what came and not with what was announced.
/// </remarks>
internal sealed class BlockAssembly(IExchange exchange)
{
    private const int LargeBytes = 16 << 10;

    private NetworkBuffer? _begun;
    private int _have;
    private int _expected;

    /// <summary>Whether no block has begun.</summary>
    public bool IsEmpty => _begun is null;

    /// <summary>Adds a frame.</summary>
    /// <returns>The block that it completes, or null.</returns>
    /// <exception cref="ExchangeProtocolException">It does not belong here.</exception>
    public IncomingItem? Add(FrameFlags flags, NetworkBuffer buffer, int offset, int length)
    {
        if (((flags & FrameFlags.First) != 0) != IsEmpty)
        {
            throw new ExchangeProtocolException(IsEmpty ? "a block without a beginning" : "a block within a block");
        }

        bool isLast = (flags & FrameFlags.Last) != 0;
        if (!IsEmpty)
        {
            return Continue(isLast, buffer, offset, length);
        }

        _expected = BlockHeader.Read(buffer.Bytes.AsSpan(offset, length)).Length;
        CheckLength(isLast, length);
        if (!isLast)
        {
            _begun = Copy(buffer, offset, length, Grown(length));
            _have = length;
            return null;
        }

        if (length >= LargeBytes)
        {
            buffer.Retain();
            return new IncomingItem(buffer, offset, length, null);
        }

        return new IncomingItem(Copy(buffer, offset, length, length), 0, length, null);
    }

    /// <summary>Gives up the block that has begun, if one has.</summary>
    public void Drop()
    {
        _begun?.Release();
        _begun = null;
    }

    private IncomingItem? Continue(bool isLast, NetworkBuffer buffer, int offset, int length)
    {
        CheckLength(isLast, _have + length);
        NetworkBuffer begun = _begun!;
        if (begun.Bytes.Length < _have + length)
        {
            _begun = Copy(begun, 0, _have, Grown(_have + length));
            begun.Release();
            begun = _begun;
        }

        buffer.Bytes.AsSpan(offset, length).CopyTo(begun.Bytes.AsSpan(_have));
        _have += length;
        if (!isLast)
        {
            return null;
        }

        _begun = null;
        return new IncomingItem(begun, 0, _have, null);
    }

    private void CheckLength(bool isLast, int have)
    {
        // A block holds at least one record, and stops growing when a frame is full.
        int most = exchange.Options.MaxRecordBytes + FrameHeader.MaxFrameBytes;
        if (_expected > most)
        {
            throw new ExchangeProtocolException($"a block of {_expected} bytes, {most} allowed");
        }

        if (have > _expected || isLast != (have == _expected))
        {
            throw new ExchangeProtocolException($"a block of {_expected} bytes that ends after {have}");
        }
    }

    private int Grown(int needed) => (int)Math.Min(2L * needed, _expected);

    private NetworkBuffer Copy(NetworkBuffer from, int offset, int length, int capacity)
    {
        NetworkBuffer copy = NetworkBuffer.Rent(capacity, exchange.Buffers);
        from.Bytes.AsSpan(offset, length).CopyTo(copy.Bytes);
        return copy;
    }
}
