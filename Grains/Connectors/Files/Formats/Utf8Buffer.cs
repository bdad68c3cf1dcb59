using System.Buffers;
using System.Globalization;
using System.Text;

namespace Millrace.Connectors.Files.Formats;

/// <summary>UTF-8 text on its way to a file: a growing block from the shared pool, with one owner at a time.</summary>
internal sealed class Utf8Buffer(int capacityBytes) : IBufferWriter<byte>, IDisposable
{
    private const int LeastSpanBytes = 256;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacityBytes);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets what was written, and gives a block back that had to grow far beyond its first size.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > 4L * capacityBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(capacityBytes);
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public void Append(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Appends text; halves of surrogate pairs become U+FFFD.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Ensure(most > LeastSpanBytes ? Encoding.UTF8.GetByteCount(text) : most);
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>Appends a value that writes itself as text, whatever the culture.</summary>
    public void AppendFormatted<T>(T value, string? format)
        where T : IUtf8SpanFormattable
    {
        int count;
        for (int room = LeastSpanBytes;
            !value.TryFormat(GetSpan(room), out count, format, CultureInfo.InvariantCulture);
            room = checked(2 * room))
        {
        }

        Length += count;
    }

    /// <summary>Appends a value as text, whatever the culture; nothing for null.</summary>
    public void AppendText<T>(T value, string? format) =>
        Append(value is IFormattable formattable
            ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : value?.ToString());

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Length = 0;
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Ensure(int count)
    {
        if (count <= _bytes.Length - Length)
        {
            return;
        }

        long needed = (long)Length + count;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"A line of {needed} bytes is more than a buffer can hold ({Array.MaxLength}).");
        }

        long wanted = Math.Min(Math.Max(2L * _bytes.Length, needed), Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)wanted);
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
