using System.Buffers;

namespace Millrace.Connectors.Files.Formats;

/// <summary>Writes the fields of one row after the other, quoted as RFC 4180 asks for.</summary>
/// <remarks>Called by code that is generated for a type of records.</remarks>
internal sealed class CsvRow
{
    private const byte Quote = (byte)'"';

    // What numbers, dates, truth values and unique ids consist of.
    private const string PlainCharacters = "+-.:/ 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly byte _separator;
    private readonly SearchValues<byte> _special;
    private readonly bool _quotesPlain;
    private Utf8Buffer? _buffer;
    private int _fields;
    private int _rowStart;

    public CsvRow(char separator)
    {
        _separator = (byte)separator;
        _special = SearchValues.Create([_separator, Quote, (byte)'\r', (byte)'\n']);
        _quotesPlain = PlainCharacters.Contains(separator, StringComparison.Ordinal);
    }

    private Utf8Buffer Buffer => _buffer ?? throw new InvalidOperationException("No row was begun.");

    /// <summary>Begins a row.</summary>
    public void Begin(Utf8Buffer buffer)
    {
        _buffer = buffer;
        _fields = 0;
        _rowStart = buffer.Length;
    }

    /// <summary>Ends the row. One with a single empty field has it quoted, lest it look like no row at all.</summary>
    public void End()
    {
        if (_fields == 1 && Buffer.Length == _rowStart)
        {
            Buffer.Append("\"\""u8);
        }

        Buffer.Append((byte)'\n');
    }

    /// <summary>A field that may hold anything.</summary>
    public void Text(string? value)
    {
        int start = BeginField();
        Buffer.Append(value);
        QuoteIfNeeded(start);
    }

    /// <summary>A field of one character.</summary>
    public void Character(char value)
    {
        int start = BeginField();
        Buffer.Append(new ReadOnlySpan<char>(in value));
        QuoteIfNeeded(start);
    }

    /// <summary>A truth value.</summary>
    public void Truth(bool value)
    {
        int start = BeginField();
        Buffer.Append(value ? "true"u8 : "false"u8);
        QuotePlainIfNeeded(start);
    }

    /// <summary>A number, a date or the like: nothing that needs quotes by itself.</summary>
    public void Plain<T>(T value, string? format)
        where T : IUtf8SpanFormattable
    {
        int start = BeginField();
        Buffer.AppendFormatted(value, format);
        QuotePlainIfNeeded(start);
    }

    /// <summary>A value that knows its text.</summary>
    public void Value<T>(T value)
    {
        int start = BeginField();
        Buffer.AppendText(value, format: null);
        QuoteIfNeeded(start);
    }

    /// <summary>A member of an enumeration, by its name.</summary>
    public void Name<T>(T value)
        where T : struct, Enum
    {
        int start = BeginField();
        Buffer.Append(Enum.GetName(value) ?? value.ToString());
        QuoteIfNeeded(start);
    }

    /// <summary>Fields of something that is null.</summary>
    public void Empty(int count)
    {
        for (int i = 0; i < count; i++)
        {
            BeginField();
        }
    }

    private int BeginField()
    {
        if (_fields++ > 0)
        {
            Buffer.Append(_separator);
        }

        return Buffer.Length;
    }

    private void QuotePlainIfNeeded(int start)
    {
        if (_quotesPlain)
        {
            QuoteIfNeeded(start);
        }
    }

    private void QuoteIfNeeded(int start)
    {
        ReadOnlySpan<byte> field = Buffer.Written[start..];
        if (field.ContainsAny(_special))
        {
            PutQuotes(start, field.Length, field.Count(Quote));
        }
    }

    /// <summary>Puts quotes around a field that was written already, and doubles those in it, from the end.</summary>
    private void PutQuotes(int start, int length, int quotes)
    {
        Buffer.GetSpan(quotes + 2);
        Buffer.Advance(quotes + 2);
        Span<byte> field = Buffer.Written[start..];
        int to = field.Length - 1;
        field[to--] = Quote;
        for (int from = length - 1; from >= 0; from--)
        {
            byte value = field[from];
            field[to--] = value;
            if (value == Quote)
            {
                field[to--] = Quote;
            }
        }

        field[to] = Quote;
    }
}
