namespace Millrace.Connectors.Files.Reading;

/// <summary>Divides files into splits: large ones by ranges of bytes, small ones several to a split.</summary>
/// <param name="Parallelism">Number of reading subtasks.</param>
/// <param name="SplitBytes">Bytes of a split, about; null for a part of each subtask's share.</param>
/// <param name="Divides">Whether files may be divided.</param>
internal sealed record SplitPlan(int Parallelism, long? SplitBytes, bool Divides = true)
{
    /// <summary>Splits per reading subtask that a large input is divided into: more, and the last ones even
    /// out.</summary>
    private const int SplitsPerSubtask = 4;

    private const long SmallestSplitBytes = 256 << 10;
    private const long LargestSplitBytes = 64 << 20;
    private const int MostFilesPerSplit = 1_000;

    /// <summary>Text packs about so well.</summary>
    private const long GzipRatio = 4;

    /// <summary>All splits in the order in which they are to be read.</summary>
    /// <remarks>For one subtask by path and position; for several the largest first (equal ones by path and position),
    /// so that no large one is begun when the others are done.</remarks>
    public IReadOnlyList<FileSplit> Of(IReadOnlyList<InputFile> files)
    {
        long target = SplitBytes ?? DefaultSplitBytes(files.Sum(Work), Parallelism);
        List<(FileSplit Split, long Work)> splits = [];
        List<FileRange> small = [];
        long smallBytes = 0;
        foreach (InputFile file in files)
        {
            if (file.Length == 0)
            {
                continue;
            }

            long work = Work(file);
            if (smallBytes + work > target || small.Count == MostFilesPerSplit)
            {
                CloseSmall();
            }

            if (Divides && file.Compression == FileCompression.None && work > target)
            {
                AddPieces(file, target, splits);
                continue;
            }

            long end = file.Compression == FileCompression.None ? file.Length : long.MaxValue;
            small.Add(new FileRange(file.Path, 0, end, file.Compression));
            smallBytes += work;
        }

        CloseSmall();
        IEnumerable<(FileSplit Split, long Work)> ordered =
            Parallelism == 1 ? splits : splits.OrderByDescending(split => split.Work);
        return [.. ordered.Select(split => split.Split)];

        void CloseSmall()
        {
            if (small.Count > 0)
            {
                splits.Add((new FileSplit([.. small]), smallBytes));
                small.Clear();
                smallBytes = 0;
            }
        }
    }

    private static void AddPieces(InputFile file, long target, List<(FileSplit Split, long Work)> splits)
    {
        // Equal pieces, so that none is a crumb: from two thirds to one and a half of the target.
        long pieces = (file.Length / target) + (file.Length % target * 2 >= target ? 1 : 0);
        long start = 0;
        for (long i = 1; i <= pieces; i++)
        {
            long end = (long)((Int128)file.Length * i / pieces);
            splits.Add((new FileSplit([new FileRange(file.Path, start, end, FileCompression.None)]), end - start));
            start = end;
        }
    }

    private static long DefaultSplitBytes(long totalBytes, int parallelism) =>
        Math.Clamp(totalBytes / ((long)parallelism * SplitsPerSubtask), SmallestSplitBytes, LargestSplitBytes);

    private static long Work(InputFile file) =>
        file.Compression == FileCompression.Gzip ? file.Length * GzipRatio : file.Length;
}
