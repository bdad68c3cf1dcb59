namespace Millrace.Connectors.Files.Formats;

/// <summary>One line of text for each record.</summary>
internal sealed class TextFormat : FileFormat
{
    public override string Extension => ".txt";

    public override Func<IRecordFormat<T>> For<T>()
    {
        string? format = IsoFormats.Of(typeof(T));
        return () => new Lines<T>(format);
    }

    private sealed class Lines<T>(string? format) : IRecordFormat<T>
    {
        public void Begin(Utf8Buffer buffer)
        {
        }

        public int Append(Utf8Buffer buffer, ReadOnlySpan<T> records, int untilBytes)
        {
            int count = 0;
            while (count < records.Length && (count == 0 || buffer.Length < untilBytes))
            {
                buffer.AppendText(records[count++], format);
                buffer.Append((byte)'\n');
            }

            return count;
        }
    }
}
