using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

/// <summary>
/// Reads values from bytes that a <see cref="RecordWriter"/> wrote. Nothing outside the bytes is ever read.
/// </summary>
/// <remarks>Pass it by reference; a copy goes on from where the original stood.</remarks>
public ref partial struct RecordReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _depth;

    /// <summary>A reader at the beginning of <paramref name="bytes"/>.</summary>
    public RecordReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many bytes were read.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>Reads <paramref name="count"/> bytes, which stay where they are.</summary>
    public ReadOnlySpan<byte> ReadRaw(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Remaining)
        {
            ThrowCutOff(count);
        }

        ReadOnlySpan<byte> bytes = _bytes.Slice(_position, count);
        _position += count;
        return bytes;
    }

    /// <summary>Passes over <paramref name="count"/> bytes.</summary>
    public void Skip(int count) => ReadRaw(count);

    /// <summary>Checks that nothing is left.</summary>
    /// <exception cref="RecordCorruptedException">Bytes are left over.</exception>
    public readonly void ExpectEnd()
    {
        if (Remaining != 0)
        {
            ThrowCorrupted($"{Remaining} bytes are left over after the last value");
        }
    }

    /// <summary>Enters a value of a recursive type; <see cref="Leave"/> follows when it is read.</summary>
    /// <exception cref="RecordCorruptedException">Deeper than <see cref="RecordLimits.MaxDepth"/>.</exception>
    public void Enter()
    {
        if (++_depth > RecordLimits.MaxDepth)
        {
            ThrowCorrupted($"values nested more than {RecordLimits.MaxDepth} levels deep");
        }
    }

    /// <summary>Leaves what was entered last.</summary>
    public void Leave() => _depth--;

    /// <summary>Says that the bytes are not what they should be, and where.</summary>
    /// <param name="reason">What was found and what was needed.</param>
    /// <exception cref="RecordCorruptedException">Always.</exception>
    [DoesNotReturn]
    public readonly void ThrowCorrupted(string reason) =>
        throw new RecordCorruptedException(
            $"Record bytes are corrupt at {_position} of {_bytes.Length}: {reason}.", _position);

    /// <summary>Passes over <paramref name="count"/> bytes and returns where they begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref byte Take(int count)
    {
        int position = _position;
        if ((uint)count > (uint)(_bytes.Length - position))
        {
            ThrowCutOff(count);
        }

        _position = position + count;
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), position);
    }

    /// <summary>
    /// Passes over <paramref name="count"/> times <paramref name="bytes"/> bytes and returns where they begin.
    /// </summary>
    internal ref byte TakeMany(int count, int bytes)
    {
        long total = (long)count * bytes;
        if (total > Remaining)
        {
            ThrowCutOff(total);
        }

        return ref Take((int)total);
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ThrowCutOff(long count) =>
        ThrowCorrupted($"{count} more bytes needed, {Remaining} left");
}
