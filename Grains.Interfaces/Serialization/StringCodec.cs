using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Appends UTF-8 at <paramref name="destination"/>, which has room for them.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        Debug.Assert(destination.Length >= text.Length, "room for its bytes, which the caller has counted or bounded");
        int ascii = NarrowAscii(
            ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text)),
            text.Length,
            ref MemoryMarshal.GetReference(destination));
        return ascii == text.Length ? ascii : ascii + EncodeAny(text[ascii..], destination[ascii..]);
    }

    /// <summary>The bytes that <see cref="Encode"/> would write.</summary>
    public static int BytesOf(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>The text of some bytes; null when they are not what <see cref="Encode"/> writes.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes) =>
        Ascii.IsValid(bytes) ? Encoding.Latin1.GetString(bytes) : DecodeAny(bytes);

    private static int EncodeAny(ReadOnlySpan<char> text, Span<byte> destination)
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

    /// <summary>Copies ASCII, as far as a block of it reaches.</summary>
    /// <returns>How many characters were copied; fewer than all when another one follows within the next
    /// block.</returns>
    private static int NarrowAscii(ref ushort source, int length, ref byte destination)
    {
        if (length < Vector128<ushort>.Count)
        {
            return NarrowFew(ref source, 0, length, ref destination);
        }

        Vector128<ushort> beyond = Vector128.Create((ushort)0xFF80);
        int done = 0;
        for (; done <= length - Vector128<byte>.Count; done += Vector128<byte>.Count)
        {
            Vector128<ushort> low = Vector128.LoadUnsafe(ref source, (nuint)done);
            Vector128<ushort> high = Vector128.LoadUnsafe(ref source, (nuint)(done + Vector128<ushort>.Count));
            if (((low | high) & beyond) != Vector128<ushort>.Zero)
            {
                return done;
            }

            Vector128.Narrow(low, high).StoreUnsafe(ref destination, (nuint)done);
        }

        if (done <= length - Vector128<ushort>.Count)
        {
            Vector128<ushort> eight = Vector128.LoadUnsafe(ref source, (nuint)done);
            if ((eight & beyond) != Vector128<ushort>.Zero)
            {
                return done;
            }

            StoreEight(eight, ref destination, done);
            done += Vector128<ushort>.Count;
        }

        if (done == length)
        {
            return done;
        }

        // The rest is shorter than a block: take the last block of the text, which overlaps what is done.
        int last = length - Vector128<ushort>.Count;
        Vector128<ushort> tail = Vector128.LoadUnsafe(ref source, (nuint)last);
        if ((tail & beyond) != Vector128<ushort>.Zero)
        {
            return done;
        }

        StoreEight(tail, ref destination, last);
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreEight(Vector128<ushort> eight, ref byte destination, int at) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref destination, at), Vector128.Narrow(eight, eight).AsUInt64().ToScalar());

    private static int NarrowFew(ref ushort source, int done, int length, ref byte destination)
    {
        for (; done < length; done++)
        {
            ushort character = Unsafe.Add(ref source, done);
            if (character >= 0x80)
            {
                return done;
            }

            Unsafe.Add(ref destination, done) = (byte)character;
        }

        return done;
    }
}
