namespace Millrace.Connectors.Files.Writing;

/// <summary>Numbers the files of a subtask and names them.</summary>
/// <param name="first">Number of the next file.</param>
/// <param name="create">Makes the file of a bucket, with its number.</param>
internal sealed class OutputFiles(long first, Func<string, long, OutputFile> create)
{
    /// <summary>Number of the next file.</summary>
    public long Next { get; private set; } = first;

    /// <summary>A new file.</summary>
    /// <param name="bucket">Empty for the output directory itself.</param>
    /// <exception cref="FileWriteException">The bucket is no name of directories.</exception>
    public OutputFile Create(string bucket)
    {
        Verify(bucket);
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
