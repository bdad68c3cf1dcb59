namespace Millrace.Connectors.Files;

/// <summary>How files are read.</summary>
public class FileSourceOptions
{
    /// <summary>Bytes of a split, about; at least 1. Default: a quarter of a reading subtask's share of the input, from
    /// 256 KB to 64 MB.</summary>
    public long? SplitBytes { get; set; }

    /// <summary>Bytes of the longest line, without its end; 1 byte to 1 GB. A longer line fails the job. Default 16
    /// MB.</summary>
    public int MaxLineBytes { get; set; } = 16 << 20;

    /// <summary>How often to look for new files, which are read too, each once; the source then never ends. Null
    /// (default): it reads what is there when the job starts. From 10 ms to 1 day.</summary>
    /// <remarks>A file must be complete when it has its name: write it under a hidden name or one that ends in
    /// <c>.tmp</c>, <c>.part</c> or <c>.inprogress</c>, and rename it then. What is appended later is not
    /// read.</remarks>
    public TimeSpan? WatchInterval { get; set; }

    /// <summary>Bytes read at a time.</summary>
    internal int ChunkBytes { get; set; } = 256 << 10;

    internal virtual void Validate()
    {
        if (WatchInterval is TimeSpan interval)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(
                interval, TimeSpan.FromMilliseconds(10), nameof(WatchInterval));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(1), nameof(WatchInterval));
        }

        if (SplitBytes is long splitBytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(splitBytes, nameof(SplitBytes));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLineBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLineBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ChunkBytes);
    }
}
