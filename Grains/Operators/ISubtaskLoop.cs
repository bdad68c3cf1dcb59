using Millrace.Connectors;

namespace Millrace.Operators;

/// <summary>What an operator may ask of the loop it belongs to. Members may be called from any thread, unless
/// they say otherwise.</summary>
internal interface ISubtaskLoop
{
    TimeProvider Time { get; }

    /// <summary>Canceled when the subtask is to end early.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>Time, in ticks of the clock, during which the loop took input or waited for some. It stands still while
    /// the outputs are full or what was taken is not worked off. The loop's.</summary>
    long ReadingTicks { get; }

    /// <summary>Makes the loop run a round soon.</summary>
    void Wake();

    /// <summary>Makes the loop run a round after a while.</summary>
    void WakeAfter(TimeSpan delay);

    /// <summary>Ends after a while.</summary>
    Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Runs an action on the loop, between two rounds.</summary>
    void Post(Action mail);

    /// <summary>
    /// Starts work that may wait, off the loop; the loop is woken when it ends. Its failure fails the subtask.
    /// </summary>
    void Run(Func<CancellationToken, ValueTask> work);

    /// <summary>
    /// Starts work that blocks, on a thread of its own; the loop is woken when it ends. Its failure fails the subtask.
    /// </summary>
    void RunBlocking(string name, Action<CancellationToken> work);

    /// <summary>Asks the job's side for a split of a source.</summary>
    Task<SplitAnswer> RequestSplitAsync(string sourceOperatorId, CancellationToken cancellationToken);

    /// <summary>Tells the job's side how far a source has come.</summary>
    /// <returns>How far the slowest of its group is.</returns>
    Task<long> AlignAsync(
        string sourceOperatorId, string group, long watermark, CancellationToken cancellationToken);
}
