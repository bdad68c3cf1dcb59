using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Millrace.Connectors.Files.Formats;

/// <summary>Rows of separated values, one for each record.</summary>
internal sealed class CsvFormat(CsvSinkOptions options) : FileFormat
{
    /// <summary>Writes the fields of a record, in code generated for its type.</summary>
    private delegate void WriteFields<T>(CsvRow row, ref T record);

    public override string Extension => ".csv";

    public override Func<IRecordFormat<T>> For<T>()
    {
        ParameterExpression row = Expression.Parameter(typeof(CsvRow), "row");
        ParameterExpression record = Expression.Parameter(typeof(T).MakeByRefType(), "record");
        CsvColumns columns = CsvColumns.Of(row, record, typeof(T));
        Expression<WriteFields<T>> write = Expression.Lambda<WriteFields<T>>(columns.Write, row, record);
        string[] header = options.Header ? [.. columns.Names] : [];
        char separator = options.Separator;
        return () => new Rows<T>(new CsvRow(separator), header, write.Compile());
    }

    private sealed class Rows<T>(CsvRow row, string[] header, WriteFields<T> writeFields) : IRecordFormat<T>
    {
        public void Begin(Utf8Buffer buffer)
        {
            if (header.Length == 0)
            {
                return;
            }

            row.Begin(buffer);
            foreach (string name in header)
            {
                row.Text(name);
            }

            row.End();
        }

        public int Append(Utf8Buffer buffer, ReadOnlySpan<T> records, int untilBytes)
        {
            int count = 0;
            while (count < records.Length && (count == 0 || buffer.Length < untilBytes))
            {
                row.Begin(buffer);
                writeFields(row, ref Unsafe.AsRef(in records[count++]));
                row.End();
            }

            return count;
        }
    }
}
