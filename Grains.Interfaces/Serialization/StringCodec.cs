using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Millrace.Serialization;

/// <summary>
/// Text as UTF-8 in which a lone surrogate stands as three bytes, so that every string comes back as it was.
/// </summary>
/// <remarks>Plain UTF-8 would turn lone surrogates into U+FFFD: a key would be another one on the next silo.</remarks>
internal static class StringCodec
{
    private const int SurrogateBytes = 3;
    private const int StackChars = 256;

    /// <summary>How many bytes <see cref="Encode"/> would write.</summary>
    public static int BytesOf(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>The text of some bytes; null when they are not what <see cref="Encode"/> writes.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes) => DecodeAscii(bytes) ?? DecodeAny(bytes);

    /// <summary>The text of at least one byte of ASCII; null when they are something else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static string? DecodeAscii(ReadOnlySpan<byte> bytes)
    {
        // Nobody else knows the string yet, so it may still be written to: its characters need no second place.
        string text = new('\0', bytes.Length);
        ref char characters = ref MemoryMarshal.GetReference(text.AsSpan());
        return AsciiCodec.TryWiden(ref MemoryMarshal.GetReference(bytes), bytes.Length, ref characters) ? text : null;
    }

    /// <summary>Appends UTF-8 at <paramref name="destination"/>, which has room for it.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            OperationStatus status = Utf8.FromUtf16(
                text, destination[written..], out int read, out int bytes, replaceInvalidSequences: false);
            written += bytes;
            if (status == OperationStatus.Done)
            {
                return written;
            }

            // A lone surrogate; at the very end of the text its status may also be "more needed".
            char surrogate = text[read];
            destination[written] = (byte)(0xE0 | (surrogate >> 12));
            destination[written + 1] = (byte)(0x80 | ((surrogate >> 6) & 0x3F));
            destination[written + 2] = (byte)(0x80 | (surrogate & 0x3F));
            written += SurrogateBytes;
            text = text[(read + 1)..];
        }
    }

    private static string? DecodeAny(ReadOnlySpan<byte> bytes)
    {
        char[]? rented = bytes.Length > StackChars ? ArrayPool<char>.Shared.Rent(bytes.Length) : null;
        try
        {
            Span<char> chars = rented ?? stackalloc char[StackChars];
            int count = DecodeInto(bytes, chars);
            return count < 0 ? null : new string(chars[..count]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private static int DecodeInto(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        int written = 0;
        while (true)
        {
            OperationStatus status = Utf8.ToUtf16(
                bytes, chars[written..], out int read, out int count, replaceInvalidSequences: false);
            written += count;
            if (status == OperationStatus.Done)
            {
                return written;
            }

            bytes = bytes[read..];
            bool surrogate = bytes.Length >= SurrogateBytes
                && bytes[0] == 0xED && (bytes[1] & 0xE0) == 0xA0 && (bytes[2] & 0xC0) == 0x80;
            if (!surrogate)
            {
                return -1;
            }

            chars[written++] = (char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F));
            bytes = bytes[SurrogateBytes..];
        }
    }
}
