using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>Tells the resource manager what this silo has, and clears what was left here by jobs that are
/// over.</summary>
internal sealed class SlotRegistration(
    SiloSlots slots,
    IGrainFactory grains,
    IExecution execution,
    IOptions<SlotOptions> options,
    ILogger<SlotRegistration> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private int _looks;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SlotRegistration),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _loop = execution.RunAsync(RunAsync);
            return Task.CompletedTask;
        },
        async cancellationToken =>
        {
            await _stopping.CancelAsync();
            await _loop.WaitAsync(cancellationToken);
        });

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        long cleared = execution.Time.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            Task changed = slots.Table.Changed;
            await GuardAsync(() => grains.ResourceManager().RegisterTaskManagerAsync(slots.Status(), _stopping.Token));
            if (execution.Time.GetElapsedTime(cleared) >= options.Value.ReportInterval)
            {
                foreach (JobId job in slots.Jobs())
                {
                    await GuardAsync(() => ClearAsync(job));
                }

                cleared = execution.Time.GetTimestamp();
            }

            await Task.WhenAny(changed, execution.DelayAsync(NextDelay(), _stopping.Token));
        }
    }

    // What was given back is free as soon as its last subtask is gone, which is a matter of milliseconds.
    private TimeSpan NextDelay()
    {
        bool releasing = slots.Table.Statuses.Any(static slot => slot.State == SlotState.Releasing);
        _looks = releasing ? _looks + 1 : 0;
        TimeSpan soon = GrainCalls.Backoff(Math.Max(1, _looks / 4));
        return releasing && soon < options.Value.ReportInterval ? soon : options.Value.ReportInterval;
    }

    private async Task ClearAsync(JobId job)
    {
        bool over;
        try
        {
            over = (await grains.Job(job).EnsureRunningAsync(_stopping.Token)).IsTerminal();
        }
        catch (Exception exception) when (exception is JobNotFoundException or JobRecordCorruptedException)
        {
            // Nobody can ever be in charge of it again.
            over = true;
        }

        if (over)
        {
            logger.Clears(job);
            slots.Clear(job);
        }
    }

    // Whatever goes wrong is tried again at the next turn: this loop ends with the silo only.
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (!_stopping.IsCancellationRequested)
            {
                logger.NotTold(exception);
            }
        }
    }
}
