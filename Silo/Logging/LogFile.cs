using System.Text;

namespace Millrace.Logging;

/// <summary>A log file of bounded size: full, it is put aside as <c>.1</c>, replacing the one before.
/// Thread-safe.</summary>
/// <remarks>Each message has reached the system when <see cref="Write"/> returns, so the last words of a dying process
/// are kept. A disk that is full costs messages, not the process.</remarks>
internal sealed class LogFile(string path, long maxBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _file;
    private bool _isDisposed;

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            try
            {
                FileStream file = RoomFor(bytes.Length);
                file.Write(bytes);
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                _file?.Dispose();
                _file = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _file?.Dispose();
        }
    }

    private FileStream RoomFor(int bytes)
    {
        _file ??= Open();
        if (_file.Length > 0 && _file.Length + bytes > maxBytes)
        {
            _file.Dispose();
            File.Move(path, path + ".1", overwrite: true);
            _file = Open();
        }

        return _file;
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new FileStream(
            path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }
}
