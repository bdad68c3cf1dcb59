namespace Millrace.Connectors.Files.Writing;

/// <summary>Numbers the files of a subtask and names them.</summary>
/// <param name="state">Where it begins.</param>
/// <param name="successFile">Name of the file that marks what is complete, or null.</param>
/// <param name="create">Makes the file of a bucket, with its number.</param>
internal sealed class OutputFiles(FileWriterState state, string? successFile, Func<string, long, OutputFile> create)
{
    private readonly HashSet<string> _buckets = [.. state.Buckets];

    /// <summary>Number of the next file.</summary>
    public long Next { get; private set; } = state.Next;

    /// <summary>What another writer may go on from.</summary>
    public FileWriterState State => new(Next, _buckets);

    /// <summary>The files that mark what is complete: those of all buckets so far, the ones before a restart
    /// included.</summary>
    public IEnumerable<FileCommittable> SuccessFiles =>
        _buckets.Select(bucket => FileCommittable.Mark(PathOf(bucket, successFile!)));

    /// <summary>A name within a bucket, from the output directory on.</summary>
    public static string PathOf(string bucket, string name) => bucket.Length == 0 ? name : $"{bucket}/{name}";

    /// <summary>A new file.</summary>
    /// <param name="bucket">Empty for the output directory itself.</param>
    /// <exception cref="FileWriteException">The bucket is no name of directories.</exception>
    public OutputFile Create(string bucket)
    {
        Verify(bucket);
        if (successFile is not null)
        {
            _buckets.Add(bucket);
        }

        return create(bucket, Next++);
    }

    private static void Verify(string bucket)
    {
        if (bucket.Length == 0)
        {
            return;
        }

        foreach (string part in bucket.Split('/'))
        {
            if (part.Length == 0 || part[0] is '.' or '_' || part.AsSpan().ContainsAny(['\\', '\0', '\n', '\r', ':']))
            {
                throw new FileWriteException(
                    bucket,
                    "a bucket is needed that consists of names of directories, joined by slashes, none of which is "
                    + "empty, begins with a dot or an underscore, or has a colon or backslash in it.");
            }
        }
    }
}
