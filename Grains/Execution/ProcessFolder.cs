namespace Millrace.Execution;

/// <summary>A folder that belongs to this process as long as it lives, among those of other processes. Thread-safe.
/// </summary>
/// <remarks>What is found in a folder that nobody holds was left by a dead process. Nothing is created before somebody
/// asks for the folder.</remarks>
/// <param name="execution">Gives files and names.</param>
/// <param name="root">Where the folders of all processes stand; made when it is missing.</param>
internal sealed class ProcessFolder(IExecution execution, string root) : IDisposable
{
    private const int TriesForFolder = 8;

    private readonly Lock _lock = new();
    private string? _folder;
    private IDisposable? _hold;
    private bool _disposed;

    /// <summary>Where the folders of all processes stand.</summary>
    public string Root => root;

    /// <summary>The folder, made by the first call.</summary>
    /// <exception cref="IOException">It cannot be made or held.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public string Path
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);

                // Another silo that starts may take a new folder for a left one, in the moment before it is held.
                for (int tries = 0; _folder is null && tries < TriesForFolder; tries++)
                {
                    string folder = System.IO.Path.Combine(root, execution.NewId().ToString("n"));
                    _hold = execution.Files.TryHold(folder);
                    _folder = _hold is null ? null : folder;
                }

                return _folder ?? throw new IOException($"No folder of its own can be had under '{root}'.");
            }
        }
    }

    /// <summary>Removes the folders that dead processes left. What cannot be removed now may be later; whoever asks for
    /// <see cref="Path"/> will see whether the place is usable.</summary>
    /// <param name="removed">Hears of each that was removed.</param>
    /// <param name="stay">Hears why they cannot be looked at.</param>
    public void RemoveLeftovers(Action<string> removed, Action<Exception> stay)
    {
        try
        {
            foreach (string folder in execution.Files.FoldersIn(root))
            {
                using IDisposable? hold = execution.Files.TryHold(folder);
                if (hold is not null && TryDelete(folder))
                {
                    removed(folder);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            stay(exception);
        }
    }

    /// <summary>Removes the folder; files that are still open go when they are closed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _hold?.Dispose();
            if (_folder is not null)
            {
                TryDelete(_folder);
            }
        }
    }

    private bool TryDelete(string folder)
    {
        try
        {
            execution.Files.DeleteFolder(folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
