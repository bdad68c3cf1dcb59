using System.Diagnostics;

namespace Millrace.Network.Exchange.Frames;

/// <summary>Frames that go out in one write: small ones side by side in one block, large ones where they are.</summary>
internal sealed class FrameGather
{
    /// <summary>Largest frame that is copied.</summary>
    public const int SmallBytes = 4 << 10;

    private const int BlockBytes = 64 << 10;
    private const int EnoughBytes = 256 << 10;

    private readonly byte[] _block = new byte[BlockBytes];
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private readonly List<NetworkBuffer> _buffers = [];
    private int _partStart;
    private int _blockUsed;
    private int _bytes;

    /// <summary>Whether another frame should be added.</summary>
    public bool HasRoom => _bytes < EnoughBytes && _blockUsed <= BlockBytes - SmallBytes;

    /// <summary>Whether there is anything to write.</summary>
    public bool IsEmpty => _bytes == 0;

    /// <summary>What was added, in order. Nothing is added until <see cref="Clear"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts
    {
        get
        {
            ClosePart();
            return _parts;
        }
    }

    /// <summary>Adds a small frame.</summary>
    /// <returns>Room for what follows the header, to be filled before the next call.</returns>
    public Span<byte> Add(FrameHeader header)
    {
        Span<byte> frame = Take(FrameHeader.Bytes + header.Length);
        header.Write(frame);
        return frame[FrameHeader.Bytes..];
    }

    /// <summary>Adds a whole frame that begins a buffer, with its header. The reference moves.</summary>
    public void Add(NetworkBuffer buffer, int length)
    {
        if (length <= SmallBytes)
        {
            buffer.Bytes.AsSpan(0, length).CopyTo(Take(length));
            buffer.Release();
            return;
        }

        ClosePart();
        _parts.Add(buffer.Bytes.AsMemory(0, length));
        _buffers.Add(buffer);
        _bytes += length;
    }

    /// <summary>Gives back what was written, or will never be.</summary>
    public void Clear()
    {
        _buffers.ForEach(buffer => buffer.Release());
        _buffers.Clear();
        _parts.Clear();
        _partStart = _blockUsed = _bytes = 0;
    }

    private Span<byte> Take(int bytes)
    {
        Debug.Assert(bytes <= SmallBytes && HasRoom, "a frame is added while there is room");
        Span<byte> room = _block.AsSpan(_blockUsed, bytes);
        _blockUsed += bytes;
        _bytes += bytes;
        return room;
    }

    private void ClosePart()
    {
        if (_blockUsed > _partStart)
        {
            _parts.Add(_block.AsMemory(_partStart, _blockUsed - _partStart));
            _partStart = _blockUsed;
        }
    }
}
