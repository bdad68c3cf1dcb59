using System.Globalization;
using System.Numerics;
using System.Text;

namespace Millrace.Connectors.Files.Parsing;

/// <summary>The fields of one record of separated values after the other, as RFC 4180 has them, and their
/// values.</summary>
/// <remarks>Its getters are called by code that is generated for a type of records. Belongs to one loop.</remarks>
internal sealed class CsvFields(char separator)
{
    private const byte Quote = (byte)'"';
    private const int LongestParsed = 256;
    private const int ShownCharacters = 40;

    private readonly byte _separator = (byte)separator;
    private byte[] _bytes = new byte[256];
    private Field[] _fields = new Field[16];
    private int[]? _fieldOf;
    private int _length;

    /// <summary>Number of fields of the record.</summary>
    public int Count { get; private set; }

    /// <summary>Names of the columns that the getters are asked for, in order.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Says where each column is found.</summary>
    /// <param name="fieldOf">A field for each column, or -1 for one that is not there; null for the same
    /// order.</param>
    public void Arrange(int[]? fieldOf) => _fieldOf = fieldOf;

    /// <summary>Takes the fields out of a record.</summary>
    /// <exception cref="InvalidRecordException">The quotes in it are not balanced.</exception>
    public void Parse(ReadOnlySpan<byte> record)
    {
        // No field gets longer by taking its quotes away.
        if (_bytes.Length < record.Length)
        {
            _bytes = new byte[Math.Max(record.Length, 2 * _bytes.Length)];
        }

        Count = 0;
        _length = 0;
        int at = 0;
        do
        {
            at = at < record.Length && record[at] == Quote ? Quoted(record, at + 1) : Plain(record, at);
        }
        while (at <= record.Length);
    }

    /// <summary>The text of a field that was parsed, by its place in the record.</summary>
    public string TextAt(int field) => Encoding.UTF8.GetString(BytesOf(_fields[field]));

    /// <summary>Whether nothing stands in a column, not even quotes.</summary>
    public bool IsEmpty(int column) => FieldOf(column) is { Length: 0, IsQuoted: false };

    /// <summary>Whether nothing stands in any of these columns.</summary>
    public bool AreEmpty(int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!IsEmpty(first + i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A text.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(BytesOf(FieldOf(column)));

    /// <summary>A whole number.</summary>
    public T Integer<T>(int column)
        where T : INumberBase<T> => Number<T>(column, NumberStyles.Integer);

    /// <summary>A number with a fraction, or in scientific notation.</summary>
    public T Fraction<T>(int column)
        where T : INumberBase<T> => Number<T>(column, NumberStyles.Float);

    /// <summary>A truth value.</summary>
    public bool Truth(int column)
    {
        Span<char> room = stackalloc char[LongestParsed];
        return bool.TryParse(CharactersOf(column, room), out bool value) ? value : throw Invalid(column, typeof(bool));
    }

    /// <summary>One character.</summary>
    public char Character(int column)
    {
        Span<char> room = stackalloc char[LongestParsed];
        ReadOnlySpan<char> text = CharactersOf(column, room);
        return text.Length == 1 ? text[0] : throw Invalid(column, typeof(char));
    }

    /// <summary>A point in time as it stands there.</summary>
    public DateTime Moment(int column)
    {
        Span<char> room = stackalloc char[LongestParsed];
        return DateTime.TryParse(
            CharactersOf(column, room), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime value)
            ? value
            : throw Invalid(column, typeof(DateTime));
    }

    /// <summary>A point in time; in UTC where no offset stands there.</summary>
    public DateTimeOffset MomentWithOffset(int column)
    {
        Span<char> room = stackalloc char[LongestParsed];
        return DateTimeOffset.TryParse(
            CharactersOf(column, room),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset value)
            ? value
            : throw Invalid(column, typeof(DateTimeOffset));
    }

    /// <summary>A member of an enumeration, by its name or number.</summary>
    public T Member<T>(int column)
        where T : struct, Enum
    {
        Span<char> room = stackalloc char[LongestParsed];
        return Enum.TryParse(CharactersOf(column, room), ignoreCase: true, out T value)
            ? value
            : throw Invalid(column, typeof(T));
    }

    /// <summary>A value that reads itself from text.</summary>
    public T Parsed<T>(int column)
        where T : ISpanParsable<T>
    {
        Span<char> room = stackalloc char[LongestParsed];
        return T.TryParse(CharactersOf(column, room), CultureInfo.InvariantCulture, out T? value)
            ? value
            : throw Invalid(column, typeof(T));
    }

    /// <summary>An address.</summary>
    public Uri Address(int column) =>
        Uri.TryCreate(Text(column), UriKind.RelativeOrAbsolute, out Uri? value)
            ? value
            : throw Invalid(column, typeof(Uri));

    /// <summary>Names a column by its place and name.</summary>
    public string Describe(int column) => FormattableString.Invariant(
        $"column {(_fieldOf is null ? column : _fieldOf[column]) + 1} ('{Columns[column]}')");

    private int Plain(ReadOnlySpan<byte> record, int from)
    {
        int length = record[from..].IndexOf(_separator);
        ReadOnlySpan<byte> text = length < 0 ? record[from..] : record.Slice(from, length);
        if (text.Contains(Quote))
        {
            throw new InvalidRecordException(
                FormattableString.Invariant($"column {Count + 1}"),
                "a quote stands in a field that does not begin with one: the field must be quoted, and quotes in it "
                + "doubled.");
        }

        Append(text);
        Add(text.Length, isQuoted: false);
        return from + text.Length + 1;
    }

    private int Quoted(ReadOnlySpan<byte> record, int from)
    {
        int before = _length;
        while (true)
        {
            int length = record[from..].IndexOf(Quote);
            if (length < 0)
            {
                throw new InvalidRecordException(
                    FormattableString.Invariant($"column {Count + 1}"),
                    "the quote at the end of the field is missing.");
            }

            Append(record.Slice(from, length));
            from += length + 1;
            if (from == record.Length || record[from] != Quote)
            {
                break;
            }

            Append([Quote]);
            from++;
        }

        if (from < record.Length && record[from] != _separator)
        {
            throw new InvalidRecordException(
                FormattableString.Invariant($"column {Count + 1}"),
                "something follows the quote that ends the field: quotes in it must be doubled.");
        }

        Add(_length - before, isQuoted: true);
        return from + 1;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }

    private void Add(int length, bool isQuoted)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * Count);
        }

        _fields[Count++] = new Field(_length - length, length, isQuoted);
    }

    private T Number<T>(int column, NumberStyles styles)
        where T : INumberBase<T> =>
        T.TryParse(BytesOf(FieldOf(column)), styles, CultureInfo.InvariantCulture, out T? value)
            ? value
            : throw Invalid(column, typeof(T));

    private Field FieldOf(int column)
    {
        int field = _fieldOf is null ? column : _fieldOf[column];
        return (uint)field < (uint)Count ? _fields[field] : default;
    }

    private ReadOnlySpan<byte> BytesOf(Field field) => _bytes.AsSpan(field.Start, field.Length);

    private ReadOnlySpan<char> CharactersOf(int column, Span<char> room)
    {
        ReadOnlySpan<byte> bytes = BytesOf(FieldOf(column));
        return Encoding.UTF8.TryGetChars(bytes, room, out int count) ? room[..count] : [];
    }

    private InvalidRecordException Invalid(int column, Type type)
    {
        string text = Text(column);
        string shown = text.Length > ShownCharacters ? $"{text[..ShownCharacters]}..." : text;
        return new InvalidRecordException(Describe(column), $"'{shown}' is no {type.Name}.");
    }

    private readonly record struct Field(int Start, int Length, bool IsQuoted);
}
