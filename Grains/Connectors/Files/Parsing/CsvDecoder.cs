namespace Millrace.Connectors.Files.Parsing;

/// <summary>A record on each row of separated values; empty lines are skipped.</summary>
/// <param name="separator">Stands between two fields.</param>
/// <param name="binding">Where the values of a record come from.</param>
/// <param name="hasHeader">Whether columns are found by their names.</param>
internal sealed class CsvDecoder<T>(char separator, CsvBinding<T> binding, bool hasHeader) : IRecordDecoder<T>
{
    private readonly CsvFields _fields = new(separator) { Columns = binding.Columns };
    private readonly Func<CsvFields, T> _read = binding.Compile();

    private int _headerFields;

    public void Begin(ReadOnlySpan<byte> header)
    {
        _fields.Arrange(null);
        _fields.Parse(header);
        _headerFields = _fields.Count;
        Dictionary<string, int> places = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < _fields.Count; i++)
        {
            string name = _fields.TextAt(i).Trim();
            if (!places.TryAdd(name, i))
            {
                throw new InvalidRecordException(
                    FormattableString.Invariant($"column {i + 1}"), $"the name '{name}' stands twice in the header.");
            }
        }

        int[] fieldOf = new int[binding.Columns.Count];
        for (int column = 0; column < fieldOf.Length; column++)
        {
            fieldOf[column] = places.GetValueOrDefault(binding.Columns[column], -1);
            if (fieldOf[column] < 0 && binding.IsNeeded(column))
            {
                throw new InvalidRecordException(
                    "",
                    $"the header has no column '{binding.Columns[column]}'; it has "
                    + $"{string.Join(", ", places.Keys.Select(name => $"'{name}'"))}.");
            }
        }

        _fields.Arrange(fieldOf);
    }

    public bool TryDecode(ReadOnlySpan<byte> record, out T value)
    {
        value = default!;
        if (record.IsEmpty)
        {
            return false;
        }

        _fields.Parse(record);
        if (hasHeader && _fields.Count != _headerFields)
        {
            throw new InvalidRecordException(
                "",
                FormattableString.Invariant(
                    $"the row has {_fields.Count} fields, {_headerFields} are needed: the header has as many."));
        }

        if (!hasHeader && _fields.Count != binding.Columns.Count)
        {
            throw new InvalidRecordException(
                "",
                FormattableString.Invariant($"the row has {_fields.Count} fields, {binding.Columns.Count} are needed: ")
                + $"{string.Join(", ", binding.Columns)}. If the first row of the file names the columns, set "
                + $"{nameof(CsvSourceOptions)}.{nameof(CsvSourceOptions.Header)}.");
        }

        value = _read(_fields);
        return true;
    }
}
