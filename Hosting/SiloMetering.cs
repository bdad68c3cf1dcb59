using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Millrace.Execution;
using Millrace.Metrics;
using Millrace.Network.Exchange;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace;

/// <summary>Gives a silo its meter when it starts; it goes with the silo's services.</summary>
internal sealed class SiloMetering(
    IMeterFactory meters,
    SiloIdentity silo,
    TaskHost host,
    SlotTable slots,
    JobMeters jobs,
    IExecution execution,
    IExchange exchange) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        MillraceMeter.Create(meters, new MeteredSilo(silo.Name, host.Readings, Read, execution.Time)
        {
            Jobs = () => jobs.Readings,
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private SiloReading Read()
    {
        ImmutableArray<SlotStatus> all = slots.Statuses;
        var system = execution as SystemExecution;
        return new SiloReading
        {
            Workers = system?.Workers ?? 0,
            Loops = system?.Loops ?? 0,
            Subtasks = host.Count,
            Failures = host.Failures,
            Batches = host.Batches.Outstanding,
            Buffers = exchange.Buffers.Outstanding,
            Connections = exchange.Connections,
            RestoredCopies = host.Local?.CopiesRead ?? 0,
            RestoredFiles = host.Local?.FilesRead ?? 0,
            CopiedBytes = host.Local?.Copies?.UsedBytes ?? 0,
            Slots = all.Length,
            FreeSlots = all.Count(slot => slot.State == SlotState.Free),
        };
    }
}
