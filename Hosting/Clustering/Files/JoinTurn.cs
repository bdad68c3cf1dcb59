namespace Millrace.Clustering.Files;

/// <summary>
/// Lets joining silos read and then write the table one after the other.
/// </summary>
/// <remarks>
/// Orleans reads the whole table, decides and writes it back, and waits seconds when somebody else was faster. Silos
/// that start together meet in that gap all the time, so a silo that is about to join takes a turn when it reads and
/// gives it back when it has written. A courtesy only: it is bounded, and the table is right without it.
/// </remarks>
internal sealed class JoinTurn(string path, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private FileStream? _held;
    private CancellationTokenSource? _limit;

    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        if (Prolong(acquired: null))
        {
            return;
        }

        try
        {
            Prolong(await FileLock.AcquireAsync(path, LongestWait, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            // Too many are before us: without a turn, then.
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _held?.Dispose();
            _held = null;
            _limit?.Dispose();
            _limit = null;
        }
    }

    public void Dispose() => Release();

    private bool Prolong(FileStream? acquired)
    {
        lock (_lock)
        {
            if (_held is not null)
            {
                acquired?.Dispose();
            }

            _held ??= acquired;
            if (_held is null)
            {
                return false;
            }

            _limit?.Dispose();
            _limit = new CancellationTokenSource(LongestTurn, time);
            _limit.Token.Register(Release);
            return true;
        }
    }
}
