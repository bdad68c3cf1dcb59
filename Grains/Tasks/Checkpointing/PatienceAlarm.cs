using Millrace.Batches;
using Millrace.Execution;
using Millrace.Operators;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Wakes a subtask's loop when a barrier loses patience. Belongs to the loop.</summary>
/// <param name="clock">Of the loop's rounds.</param>
/// <param name="work">Runs what waits, and wakes the loop then.</param>
/// <param name="execution">Waits.</param>
internal sealed class PatienceAlarm(RoundClock clock, SubtaskWork work, IExecution execution)
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    // When the loop is woken next; Never when it is not.
    private long _due = CheckpointBarrier.Never;

    /// <summary>Wakes the loop at a time that has not come yet, or before. A delay may end some milliseconds early by
    /// this clock: whoever is woken too early sets it again.</summary>
    /// <param name="patienceEnds">By the loop's clock; <see cref="CheckpointBarrier.Never"/>, or a time that has come,
    /// for nothing.</param>
    public void Set(long patienceEnds)
    {
        if (patienceEnds != CheckpointBarrier.Never
            && patienceEnds > clock.Last
            && patienceEnds < Volatile.Read(ref _due))
        {
            Volatile.Write(ref _due, patienceEnds);
            WakeLater(patienceEnds);
        }
    }

    // By itself, as a closure is made where its method begins, and rounds are many.
    private void WakeLater(long patienceEnds)
    {
        TimeSpan delay = clock.Until(patienceEnds) + LeastWait;
        work.Run(async token =>
        {
            await execution.DelayAsync(delay, token);
            Interlocked.CompareExchange(ref _due, CheckpointBarrier.Never, patienceEnds);
        });
    }
}
