namespace Millrace.Network;

/// <summary>Stands for a loop's handle: a test looks at a condition again after every wake-up, and only then.</summary>
internal sealed class WakeSignal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() => Interlocked
        .Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
        .TrySetResult();

    /// <summary>Waits for a condition whose coming about is told by a wake-up.</summary>
    public async Task UntilAsync(string phase, Func<bool> condition, Func<string>? state = null)
    {
        while (true)
        {
            // Taken before the look: a wake-up after the look ends it.
            Task next = Volatile.Read(ref _next).Task;
            if (condition())
            {
                return;
            }

            try
            {
                await next.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{phase}: no wake-up within {Patience}; {state?.Invoke()}, holds now: {condition()}");
            }
        }
    }
}
