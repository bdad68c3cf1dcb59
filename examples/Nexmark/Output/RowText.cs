using System.Globalization;
using System.Text;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>The text of one row after the other: fields joined by <c>|</c>, in UTF-8, hashed by FNV-1a with 64
/// bits.</summary>
/// <remarks>Used by one subtask; allocates nothing once it has room for its longest row.</remarks>
public sealed class RowText
{
    private const ulong OffsetBasis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;
    private const byte Separator = (byte)'|';
    private const int MaxNumberBytes = 20;
    private const int MaxTimeBytes = 10;

    private byte[] _bytes = new byte[256];
    private int _length;
    private bool _hasField;

    /// <summary>The row so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The hash of the row so far.</summary>
    public ulong Hash
    {
        get
        {
            ulong hash = OffsetBasis;
            foreach (byte next in Bytes)
            {
                hash = unchecked((hash ^ next) * Prime);
            }

            return hash;
        }
    }

    /// <summary>Begins another row.</summary>
    public void Clear()
    {
        _length = 0;
        _hasField = false;
    }

    /// <summary>Appends a number.</summary>
    public void Add(long field)
    {
        BeginField(MaxNumberBytes);
        field.TryFormat(_bytes.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Appends a text.</summary>
    public void Add(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        BeginField(Encoding.UTF8.GetMaxByteCount(field.Length));
        _length += Encoding.UTF8.GetBytes(field, _bytes.AsSpan(_length));
    }

    /// <summary>Appends a date, as 2015-07-15.</summary>
    public void Add(DateOnly field) => Add(field, "yyyy-MM-dd");

    /// <summary>Appends a time of the day, as 23:59.</summary>
    public void Add(TimeOnly field) => Add(field, "HH:mm");

    private void Add<T>(T field, string format)
        where T : IUtf8SpanFormattable
    {
        BeginField(MaxTimeBytes);
        field.TryFormat(_bytes.AsSpan(_length), out int written, format, CultureInfo.InvariantCulture);
        _length += written;
    }

    private void BeginField(int maxBytes)
    {
        int needed = _length + 1 + maxBytes;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        if (_hasField)
        {
            _bytes[_length++] = Separator;
        }

        _hasField = true;
    }
}
