using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Serialization;

public sealed partial class RecordWriter
{
    // Up to here the longest form still has a prefix of one byte.
    private const int MaxTinyChars = 42;
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

        if (value.Length > MaxTinyChars)
        {
            WriteLong(value);
            return;
        }

        Ensure(1 + (value.Length * MaxBytesPerChar));
        ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffer), _position);
        int bytes = StringCodec.Encode(
            value, MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, 1), value.Length * MaxBytesPerChar));
        start = (byte)(bytes + 1);
        _position += 1 + bytes;
    }

    private void WriteLong(string value)
    {
        long room = value.Length <= MaxOnePassChars
            ? (long)value.Length * MaxBytesPerChar
            : StringCodec.BytesOf(value);
        if (room >= RecordLimits.MaxBytes - VarInt.MaxBytes32)
        {
            throw new RecordRefusedException($"A string of {value.Length} characters takes {room} bytes: too many.");
        }

        Ensure((int)room + VarInt.MaxBytes32);

        // Most text is ASCII: leave room for the prefix that fits then, and move the bytes when it does not.
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
