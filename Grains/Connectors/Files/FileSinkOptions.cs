namespace Millrace.Connectors.Files;

/// <summary>How files are written.</summary>
public class FileSinkOptions
{
    /// <summary>Whether an output directory may hold files; they are removed when the job has finished. Default
    /// false.</summary>
    public bool Overwrite { get; set; }

    /// <summary>How the names of the files begin, before <c>-00000</c>. Default <c>part</c>.</summary>
    public string FilePrefix { get; set; } = "part";

    /// <summary>How the names of the files end, with the dot; may be empty. Default: as the format has it.</summary>
    public string? FileExtension { get; set; }

    /// <summary>Files that a subtask has open at a time, where records are divided into buckets; one more closes that
    /// which was written to least recently. Default 64; 1 to 10,000.</summary>
    public int MaxOpenFiles { get; set; } = 64;

    /// <summary>Name of an empty file, such as <c>_SUCCESS</c>, that each directory with files of the job gets behind
    /// all of them, when the job has finished: what is read there is complete. Begins with an underscore, so that it is
    /// no input. Default null: none.</summary>
    public string? SuccessFile { get; set; }

    /// <summary>Bytes collected before they are written.</summary>
    internal int BufferBytes { get; set; } = 256 << 10;

    internal virtual void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(FilePrefix);
        if (FilePrefix[0] is '.' or '_' || IsNoName(FilePrefix))
        {
            throw new ArgumentException(
                $"'{FilePrefix}' cannot begin a file name: no separators, and no dot or underscore at the beginning, "
                + "which hide a file.",
                nameof(FilePrefix));
        }

        if (FileExtension is { Length: > 0 } && (FileExtension[0] != '.' || IsNoName(FileExtension)))
        {
            throw new ArgumentException(
                $"'{FileExtension}' cannot end a file name: a dot first, and no separators.", nameof(FileExtension));
        }

        if (SuccessFile is not null && (SuccessFile.Length < 2 || SuccessFile[0] != '_' || IsNoName(SuccessFile)))
        {
            throw new ArgumentException(
                $"'{SuccessFile}' cannot mark what is complete: an underscore first, so that it is not read as input, "
                + "then at least one character, and no separators.",
                nameof(SuccessFile));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxOpenFiles);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxOpenFiles, 10_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BufferBytes);
    }

    private static bool IsNoName(string part) => part.AsSpan().ContainsAny(['/', '\\', '\0', '\n', '\r']);
}
