using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

/// <summary>Appends values to a growing block of bytes, little-endian (docs/formats/records.md).</summary>
/// <remarks>
/// Blocks are rented from the shared pool and belong to the writer, until <see cref="Detach"/> hands the present one
/// over. A block given with <see cref="Attach"/> stays its owner's; when it becomes too small, the bytes move to a
/// rented one and <see cref="Buffer"/> changes, with what stood before in it at the same place. Used by one thread at a
/// time.
/// </remarks>
public sealed partial class RecordWriter : IDisposable
{
    private const int SmallestBlockBytes = 256;

    private byte[] _buffer;
    private int _position;
    private int _start;
    private int _depth;
    private bool _rented;

    /// <summary>A writer over an empty block, rented when the first byte is written.</summary>
    public RecordWriter() => _buffer = [];

    /// <summary>A writer over a block of its owner, from its beginning.</summary>
    public RecordWriter(byte[] buffer) => Attach(buffer, 0);

    /// <summary>The present block. Any write may replace it.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>
    /// Where the next byte goes within <see cref="Buffer"/>. May be moved back, or onto reserved bytes.
    /// </summary>
    public int Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, _start);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, _buffer.Length);
            _position = value;
        }
    }

    /// <summary>Bytes written since the last reset.</summary>
    public int Length => _position - _start;

    /// <summary>What was written since the last reset; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(_start, _position - _start);

    /// <summary>What was written since the last reset; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(_start, _position - _start);

    /// <summary>Forgets what was written and keeps the block.</summary>
    public void Reset()
    {
        _position = _start;
        _depth = 0;
    }

    /// <summary>
    /// Goes on in a block of somebody else, from <paramref name="position"/> on; the present one is given back.
    /// </summary>
    [MemberNotNull(nameof(_buffer))]
    public void Attach(byte[] buffer, int position)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, buffer.Length);
        Release();
        _buffer = buffer;
        _position = _start = position;
        _depth = 0;
    }

    /// <summary>Hands the present block over to the caller; the writer begins anew without one.</summary>
    /// <param name="rented">True when the block is from the shared pool and now the caller's to return.</param>
    public byte[] Detach(out bool rented)
    {
        byte[] buffer = _buffer;
        rented = _rented;
        _rented = false;
        _buffer = [];
        _position = _start = 0;
        return buffer;
    }

    /// <summary>Makes room for <paramref name="count"/> more bytes at <see cref="Position"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ensure(int count)
    {
        if ((uint)count > (uint)(_buffer.Length - _position))
        {
            Grow(count);
        }
    }

    /// <summary>Appends <paramref name="count"/> bytes that the caller fills at once, before any other call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count) => MemoryMarshal.CreateSpan(ref Advance(count), count);

    /// <summary>Appends bytes as they are, without their number.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Enters a value of a recursive type; <see cref="Leave"/> follows when it is written.</summary>
    /// <exception cref="RecordRefusedException">Deeper than <see cref="RecordLimits.MaxDepth"/>: perhaps a
    /// cycle.</exception>
    public void Enter()
    {
        if (++_depth > RecordLimits.MaxDepth)
        {
            _depth = 0;
            throw new RecordRefusedException(
                $"A value is nested more than {RecordLimits.MaxDepth} levels deep, or refers to itself.");
        }
    }

    /// <summary>Leaves what was entered last.</summary>
    public void Leave() => _depth--;

    /// <summary>Gives the block back to the pool; the writer may be used again.</summary>
    public void Dispose()
    {
        Release();
        _buffer = [];
        _position = _start = 0;
    }

    /// <summary>Appends <paramref name="count"/> bytes and returns where they begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref byte Advance(int count)
    {
        int position = _position;
        if ((uint)count > (uint)(_buffer.Length - position))
        {
            Grow(count);
        }

        _position = position + count;
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffer), position);
    }

    /// <summary>
    /// Appends <paramref name="count"/> times <paramref name="bytes"/> bytes and returns where they begin.
    /// </summary>
    internal ref byte AdvanceMany(int count, int bytes)
    {
        long total = (long)count * bytes;
        if (total > RecordLimits.MaxBytes)
        {
            ThrowTooLarge(_position + total);
        }

        return ref Advance((int)total);
    }

    [DoesNotReturn]
    private static void ThrowTooLarge(long needed) => throw new RecordRefusedException(
        $"A block of records of {needed} bytes is larger than the {RecordLimits.MaxBytes} bytes one can hold.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        long needed = (long)_position + count;
        if (needed > RecordLimits.MaxBytes)
        {
            ThrowTooLarge(needed);
        }

        long wanted = Math.Max(Math.Max(needed, 2L * _buffer.Length), SmallestBlockBytes);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, RecordLimits.MaxBytes));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        Release();
        _buffer = larger;
        _rented = true;
    }

    private void Release()
    {
        if (_rented)
        {
            _rented = false;
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
