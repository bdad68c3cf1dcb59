namespace Millrace.Connectors.Files;

/// <summary>How files are read.</summary>
public sealed class FileSourceOptions
{
    /// <summary>Bytes of a split, about; at least 1. Default: a quarter of a reading subtask's share of the input, from
    /// 256 KB to 64 MB.</summary>
    public long? SplitBytes { get; set; }

    /// <summary>Bytes of the longest line, without its end; 1 byte to 1 GB. A longer line fails the job. Default 16
    /// MB.</summary>
    public int MaxLineBytes { get; set; } = 16 << 20;

    /// <summary>Bytes read at a time.</summary>
    internal int ChunkBytes { get; set; } = 256 << 10;

    internal void Validate()
    {
        if (SplitBytes is long splitBytes)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(splitBytes, nameof(SplitBytes));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLineBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLineBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ChunkBytes);
    }
}
