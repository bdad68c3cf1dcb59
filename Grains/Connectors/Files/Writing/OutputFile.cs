namespace Millrace.Connectors.Files.Writing;

/// <summary>The hidden file of one subtask attempt. Blocks; used off the loop, one call at a time.</summary>
internal sealed class OutputFile(string directory, string hiddenName, string finalName) : IDisposable
{
    private readonly string _path = Path.Combine(directory, hiddenName);
    private FileStream? _file;
    private long _length;
    private bool _isComplete;

    /// <summary>What the committer needs, once the file is complete.</summary>
    public FileCommittable Committable => new(hiddenName, finalName, _length);

    /// <exception cref="FileWriteException">The bytes cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file ??= Create();
            _file.Write(bytes);
            _length += bytes.Length;
        }
        catch (Exception exception) when (FileWriteException.Explains(exception))
        {
            throw FileWriteException.Of(_path, exception);
        }
    }

    /// <summary>Where it is.</summary>
    public string Directory => directory;

    /// <summary>Makes the file durable, but for its name; it stays when this is disposed.</summary>
    /// <exception cref="FileWriteException">It cannot be made durable.</exception>
    public void Complete()
    {
        Write([]);
        try
        {
            _file!.Flush(flushToDisk: true);
            _file.Dispose();
            _isComplete = true;
        }
        catch (Exception exception) when (FileWriteException.Explains(exception))
        {
            throw FileWriteException.Of(_path, exception);
        }
    }

    /// <summary>Removes the file unless it is complete.</summary>
    public void Dispose()
    {
        if (_file is null || _isComplete)
        {
            return;
        }

        // What cannot be written out when it is closed is not wanted anyway.
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
        }

        File.Delete(_path);
        _file = null;
    }

    private FileStream Create()
    {
        System.IO.Directory.CreateDirectory(directory);
        if (File.Exists(_path))
        {
            throw new FileWriteException(
                _path,
                "it is there already. Two sinks of a job that write to one directory need different values of "
                + $"{nameof(FileSinkOptions)}.{nameof(FileSinkOptions.FilePrefix)}.");
        }

        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
        };
        return new FileStream(_path, options);
    }
}
