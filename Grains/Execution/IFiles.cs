namespace Millrace.Execution;

/// <summary>Files for what is kept aside while a job runs: the disk, or its simulation. From any thread.</summary>
public interface IFiles
{
    /// <summary>Creates a file that nobody else opens, in a folder that is made when it is missing.</summary>
    /// <exception cref="IOException">It cannot be created, or there is one.</exception>
    IFile Create(string path);

    /// <summary>Makes a folder and holds it until disposal or the end of the process, whichever comes first.</summary>
    /// <returns>Null when somebody else holds it.</returns>
    IDisposable? TryHold(string folder);

    /// <summary>The folders in a folder; none when it is missing.</summary>
    IReadOnlyList<string> FoldersIn(string folder);

    /// <summary>Deletes a folder with all that is in it. A missing one is no error.</summary>
    /// <exception cref="IOException">Something of it is in use.</exception>
    void DeleteFolder(string folder);
}

/// <summary>A file of one owner. Disposal closes and deletes it. Reads may overlap each other and a write.</summary>
public interface IFile : IDisposable
{
    /// <summary>Where it is.</summary>
    string Path { get; }

    /// <summary>Writes bytes at an offset; one write at a time.</summary>
    /// <exception cref="IOException">Not all of them could be written.</exception>
    Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes);

    /// <summary>Writes parts at an offset, one behind the other and without joining them first; one write at a
    /// time.</summary>
    /// <exception cref="IOException">Not all of them could be written.</exception>
    Task WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>The same, blocking until they are written.</summary>
    /// <exception cref="IOException">Not all of them could be written.</exception>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads bytes from an offset on.</summary>
    /// <returns>How many: fewer than asked for only at the end of the file.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    Task<int> ReadAsync(long offset, Memory<byte> into);

    /// <summary>The same, blocking until they are read.</summary>
    /// <returns>How many: fewer than asked for only at the end of the file.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    int Read(long offset, Span<byte> into);

    /// <summary>Reads as many bytes from an offset on as are in memory, and waits for no disk.</summary>
    /// <returns>How many, perhaps none; what is wrong with the others, <see cref="ReadAsync"/> says.</returns>
    int ReadAtHand(long offset, Span<byte> into);
}
