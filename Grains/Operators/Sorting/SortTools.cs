namespace Millrace.Operators.Sorting;

/// <summary>What a sorting operator needs of the loop it belongs to.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Clock">How long its round may take.</param>
/// <param name="Failure">Where failures are noted.</param>
internal sealed record SortTools(ISubtaskLoop Loop, RoundClock Clock, ChainFailure Failure);

/// <summary>Whether something that was begun off the loop is still under way.</summary>
/// <param name="loop">The loop, which is woken at the end; what fails is its subtask's failure.</param>
internal sealed class WorkAside(ISubtaskLoop loop)
{
    private bool _busy;

    public bool IsBusy => Volatile.Read(ref _busy);

    /// <summary>Begins, while nothing is under way.</summary>
    public void Begin(Func<Task> work)
    {
        Volatile.Write(ref _busy, true);
        loop.Run(async _ =>
        {
            await work();
            Volatile.Write(ref _busy, false);
        });
    }
}
