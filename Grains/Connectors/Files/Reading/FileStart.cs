using Millrace.Connectors.Files.Parsing;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Looks at a file from its beginning, beside the reading of its ranges. Blocks; used off the loop, or when
/// the job is about to fail.</summary>
internal static class FileStart
{
    private const byte LineFeed = (byte)'\n';
    private const byte Quote = (byte)'"';
    private const int BlockBytes = 64 << 10;

    // Counting the lines before a mistake is not worth more.
    private const long MostCountedBytes = 1L << 30;

    /// <summary>The first record of a file, with its end of line if it has one.</summary>
    /// <exception cref="FileReadException">It cannot be read, or its first record is too long.</exception>
    public static byte[] FirstRecord(FileRange range, RecordLayout layout, int maxLineBytes)
    {
        List<byte> record = [];
        bool inQuotes = false;
        bool isComplete = false;
        Scan(range, long.MaxValue, block =>
        {
            for (int i = 0; i < block.Length && !isComplete; i++)
            {
                record.Add(block[i]);
                inQuotes ^= layout.QuotesLineEnds && block[i] == Quote;
                isComplete = block[i] == LineFeed && !inQuotes;
            }

            if (record.Count > maxLineBytes + 2L)
            {
                throw new FileReadException(
                    range.Path,
                    $"its first record is longer than {maxLineBytes} bytes. Raise "
                    + $"{nameof(FileSourceOptions)}.{nameof(FileSourceOptions.MaxLineBytes)} if such records are "
                    + "wanted.");
            }

            return !isComplete;
        });
        return [.. record];
    }

    /// <summary>Number of the line that begins at a position, from 1; null when that is too far into the file to be
    /// counted, or the file cannot be read.</summary>
    public static long? LineAt(FileRange range, long position)
    {
        if (position > MostCountedBytes)
        {
            return null;
        }

        long lines = 1;
        try
        {
            Scan(range, position, block =>
            {
                lines += block.Count(LineFeed);
                return true;
            });
            return lines;
        }
        catch (FileReadException)
        {
            return null;
        }
    }

    private static void Scan(FileRange range, long upTo, BlockReader look)
    {
        try
        {
            using Stream content = RangeReader.Open(range);
            byte[] block = new byte[BlockBytes];
            for (long left = upTo; left > 0;)
            {
                int count = content.Read(block, 0, (int)Math.Min(left, block.Length));
                if (count == 0 || !look(block.AsSpan(0, count)))
                {
                    return;
                }

                left -= count;
            }
        }
        catch (Exception exception) when (RangeReader.IsFileError(exception))
        {
            throw FileReadException.Of(range.Path, exception);
        }
    }

    private delegate bool BlockReader(ReadOnlySpan<byte> block);
}
