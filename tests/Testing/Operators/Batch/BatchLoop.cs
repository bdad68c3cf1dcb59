using Millrace.Connectors;
using Millrace.Simulation;

namespace Millrace.Operators.Batch;

/// <summary>The loop of an operator in a run as in batch mode: work off the loop is a step of a simulation, and takes
/// as many calls of the operator as the test lets pass meanwhile. Belongs to one thread.</summary>
/// <param name="execution">Where the work runs.</param>
/// <param name="clock">Of its rounds.</param>
#pragma warning disable CA1001 // The token source is disposed when the operator is gone.
internal sealed class BatchLoop(SimulatedExecution execution, RoundClock clock) : ISubtaskLoop
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Action> _mail = [];
    private int _running;
    private int _delayed;

    public TimeProvider Time => execution.Time;

    /// <summary>Of its rounds.</summary>
    public RoundClock Clock => clock;

    public CancellationToken CancellationToken => _stop.Token;

    public long ReadingTicks => 0;

    /// <summary>What failed first of the work that was begun; null as long as nothing has.</summary>
    public Exception? Failure { get; private set; }

    // What only waits for a time to come moves no clock as long as the operator goes on without it.
    private bool IsAtWork => _running > _delayed;

    /// <summary>A round begins: mail is read.</summary>
    public void BeginRound()
    {
        while (_mail.TryDequeue(out Action? mail))
        {
            mail();
        }

        clock.Begin();
    }

    /// <summary>Lets work that is under way go on by some steps.</summary>
    /// <param name="steps">How many, at most.</param>
    /// <param name="isHeldUp">Whether the operator does not go on before some of it has ended: then time may pass, if
    /// that is what it waits for.</param>
    public void Pass(int steps, bool isHeldUp)
    {
        int left = isHeldUp ? Math.Max(steps, 1) : steps;
        execution.RunUntil(() => left-- <= 0 || !(IsAtWork || (isHeldUp && _running > 0)));
    }

    /// <summary>The operator is gone: ends what it began.</summary>
    /// <exception cref="InvalidOperationException">Some of it does not end.</exception>
    public void End()
    {
        _stop.Cancel();
        execution.RunUntil(() => _running == 0);
        _stop.Dispose();
    }

    public void Wake()
    {
    }

    public void WakeAfter(TimeSpan delay) => Run(async token => await DelayAsync(delay, token));

    public async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        _delayed++;
        try
        {
            await execution.DelayAsync(delay, cancellationToken);
        }
        finally
        {
            _delayed--;
        }
    }

    public void Post(Action mail) => _mail.Enqueue(mail);

    public void Run(Func<CancellationToken, ValueTask> work)
    {
        _running++;
        _ = execution.RunAsync(() => FinishAsync(work));
    }

    public void RunBlocking(string name, Action<CancellationToken> work) => Run(token =>
    {
        work(token);
        return ValueTask.CompletedTask;
    });

    public Task<SplitAnswer> RequestSplitAsync(string sourceOperatorId, CancellationToken cancellationToken) =>
        Task.FromResult(new SplitAnswer(SplitAssignmentKind.NoMore, null));

    public Task<long> AlignAsync(
        string sourceOperatorId, string group, long watermark, CancellationToken cancellationToken) =>
        Task.FromResult(long.MaxValue);

    // The one place where the end of work is seen.
    private async Task FinishAsync(Func<CancellationToken, ValueTask> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was told to.
        }
#pragma warning disable CA1031 // The run looks at what failed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure ??= exception;
        }
        finally
        {
            _running--;
        }
    }
}
