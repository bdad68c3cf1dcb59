using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Execution.Spilling;

/// <summary>The part of the disk where a silo's jobs keep aside what does not fit the memory. One per silo.
/// Thread-safe.</summary>
/// <remarks>
/// Each process has a folder of its own, which it holds as long as it lives; what is found in a folder that nobody
/// holds was left by a dead one and is removed. Nothing is created before something is spilled.
/// </remarks>
internal sealed class SpillSpace : IDisposable
{
    private readonly IExecution _execution;
    private readonly ProcessFolder _folder;
    private long _used;
    private long _files;

    public SpillSpace(IExecution execution, BatchOptions options, ILogger? logger = null)
    {
        _execution = execution;
        Options = options;
        _folder = new ProcessFolder(execution, options.SpillDirectory.Length > 0
            ? options.SpillDirectory
            : Path.Combine(Path.GetTempPath(), "millrace-spill"));
        logger ??= NullLogger.Instance;
        _folder.RemoveLeftovers(logger.LeftoverRemoved, exception => logger.LeftoverStays(exception, _folder.Root));
    }

    public BatchOptions Options { get; }

    /// <summary>Bytes that stand on the disk, or are about to.</summary>
    public long UsedBytes => Interlocked.Read(ref _used);

    /// <summary>A new file.</summary>
    /// <exception cref="SpillFailedException">It cannot be created.</exception>
    public SpillFile Create()
    {
        string path = _folder.Root;
        try
        {
            path = Path.Combine(
                _folder.Path,
                Interlocked.Increment(ref _files).ToString("x8", CultureInfo.InvariantCulture) + ".spill");
            return new SpillFile(_execution.Files.Create(path), this);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SpillFailedException(path, exception);
        }
    }

    /// <summary>Removes the folder; files that are still open go when they are closed.</summary>
    public void Dispose() => _folder.Dispose();

    /// <exception cref="SpillBudgetExceededException">There is no room for them.</exception>
    internal void Take(long bytes)
    {
        long used = Interlocked.Add(ref _used, bytes);
        if (used > Options.MaxSpillBytes)
        {
            Interlocked.Add(ref _used, -bytes);
            throw new SpillBudgetExceededException(bytes, used - bytes, Options.MaxSpillBytes);
        }
    }

    internal void GiveBack(long bytes) => Interlocked.Add(ref _used, -bytes);
}
