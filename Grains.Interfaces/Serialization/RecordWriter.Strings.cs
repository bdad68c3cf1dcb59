using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

public sealed partial class RecordWriter
{
    // Up to here the prefix of ASCII is one byte.
    private const int MaxShortChars = 126;
    private const int MaxBytesPerChar = 3;

    // Beyond this the bytes are counted first, so that no three times too large block is rented.
    private const int MaxOnePassChars = 64 * 1024;

    /// <summary>
    /// Appends a string, which may be null: its bytes plus one as a varying number, then UTF-8; null is 0.
    /// </summary>
    /// <remarks>A lone surrogate is kept, as the three bytes UTF-8 would have for its number.</remarks>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            Advance(1) = 0;
            return;
        }

        int length = value.Length;
        if (length <= MaxShortChars && length < _buffer.Length - _position)
        {
            ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffer), _position);
            if (AsciiCodec.TryNarrow(value, ref Unsafe.Add(ref start, 1)))
            {
                start = (byte)(length + 1);
                _position += length + 1;
                return;
            }
        }

        WriteAny(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteAny(string value)
    {
        int prefix = VarInt.BytesOf((uint)value.Length + 1);
        Ensure(value.Length + prefix);
        ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffer), _position);
        if (!AsciiCodec.TryNarrow(value, ref Unsafe.Add(ref start, prefix)))
        {
            WriteBeyondAscii(value);
            return;
        }

        VarInt.Write(ref start, (uint)value.Length + 1);
        _position += prefix + value.Length;
    }

    private void WriteBeyondAscii(string value)
    {
        long room = value.Length <= MaxOnePassChars
            ? (long)value.Length * MaxBytesPerChar
            : StringCodec.BytesOf(value);
        if (room >= RecordLimits.MaxBytes - VarInt.MaxBytes32)
        {
            throw new RecordRefusedException($"A string of {value.Length} characters takes {room} bytes: too many.");
        }

        Ensure((int)room + VarInt.MaxBytes32);

        // Leave room for the prefix that fits when few characters take more than a byte; else move the bytes.
        Span<byte> free = _buffer.AsSpan(_position);
        int guess = VarInt.BytesOf((uint)value.Length + 1);
        int bytes = StringCodec.Encode(value, free.Slice(guess));
        int prefix = VarInt.BytesOf((uint)bytes + 1);
        if (prefix != guess)
        {
            free.Slice(guess, bytes).CopyTo(free[prefix..]);
        }

        VarInt.Write(ref MemoryMarshal.GetReference(free), (uint)bytes + 1);
        _position += prefix + bytes;
    }
}
