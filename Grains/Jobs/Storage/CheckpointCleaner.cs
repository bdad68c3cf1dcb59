using System.Collections.Immutable;
using Millrace.Checkpointing;

namespace Millrace.Jobs.Storage;

/// <summary>Removes files of one job's checkpoints behind it, one piece of work at a time. Lives on the scheduler of
/// whoever calls it.</summary>
/// <param name="store">The checkpoints.</param>
/// <param name="job">The job.</param>
/// <param name="epoch">Who removes.</param>
internal sealed class CheckpointCleaner(CheckpointStore store, JobId job, JobEpoch epoch)
{
    /// <summary>Names of files that wait. Further ones are left for the job's end, or for whoever takes it
    /// over.</summary>
    internal const int MostWaiting = 100_000;

    private CheckpointGarbage? _waiting;
    private bool _isAtWork;

    /// <summary>Removes files, after what was asked for before. Never fails.</summary>
    public async Task CleanAsync(CheckpointGarbage garbage, CancellationToken cancellationToken)
    {
        _waiting = _waiting is { } waiting ? Joined(waiting, garbage) : garbage;
        if (_isAtWork)
        {
            return;
        }

        _isAtWork = true;
        try
        {
            while (_waiting is { } next)
            {
                _waiting = null;
                await store.CleanAsync(job, epoch, next, cancellationToken);
            }
        }
        finally
        {
            _isAtWork = false;
        }
    }

    // What is kept is a matter of the latest word.
    private static CheckpointGarbage Joined(CheckpointGarbage first, CheckpointGarbage then)
    {
        ImmutableArray<string> files = first.Files.Length + then.Files.Length <= MostWaiting
            ? [.. first.Files, .. then.Files]
            : first.Files;
        return then.Keep is not null ? then with { Files = files } : first with { Files = files };
    }
}
