using Millrace.Checkpointing.Storage;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Connectors;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Network.Blocking;
using Millrace.Network.Exchange;
using Millrace.Tasks;
using Millrace.Tasks.Checkpointing.Copies;
using Millrace.UserCode;

namespace Millrace.Simulation;

/// <summary>One silo of a simulated cluster: the real task host, network and exchange on a simulated
/// execution.</summary>
internal sealed class SimulatedSilo : IAsyncDisposable
{
    private readonly ConnectionExchange _exchange;

    private readonly PartitionStore _partitions;

    public SimulatedSilo(
        SimulatedExecution simulation,
        int index,
        IJobPrograms programs,
        ITaskReporter reporter,
        ICheckpointStorage checkpoints,
        SimulatedShape shape)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"silo-{index}");
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{11_000 + index}@1");
        _exchange = new ConnectionExchange(
            simulation,
            new ExchangeOptions { Port = 20_000 + index },
            new ExchangeIdentity("simulated", Address),
            NullLogger<ConnectionExchange>.Instance);
        _partitions = new PartitionStore(
            simulation,
            new SpillSpace(simulation, new BatchOptions
            {
                SpillDirectory = Name,
                PartitionMemoryBytes = shape.Batch.PartitionMemoryBytes,
                MaxSpillBytes = shape.Batch.MaxSpillBytes,
                SortMemoryBytes = shape.Batch.SortMemoryBytes,
            }),
            _exchange.Buffers);
        Checkpoints = new SiloCheckpointStorage(
            checkpoints,
            shape.Copies is not { } copies ? null : new LocalCopies(simulation, new LocalStateOptions
            {
                Directory = $"{Name}-copies",
                MaxBytes = copies.MaxBytes,
                MaxFiles = copies.MaxFiles,
            }));
        Host = new TaskHost(
            new TaskHostEnvironment(
                Address,
                Name,
                simulation,
                new NetworkEnvironment(simulation, new NetworkOptions(), _exchange, _partitions),
                programs,
                new Reporter(this, reporter),
                new TaskHostOptions { InlineStateBytes = 200 },
                Checkpoints)
            {
                State = shape.State,
            },
            NullLogger<TaskHost>.Instance);
    }

    public string Name { get; }

    public string Address { get; }

    public TaskHost Host { get; }

    /// <summary>Checkpoints as its subtasks see them.</summary>
    public SiloCheckpointStorage Checkpoints { get; }

    public SiloEndpoint Endpoint => new(Address, $"{_exchange.EndPoint}");

    /// <summary>Bytes and batches that are out; zero at rest.</summary>
    public long Outstanding => Host.Batches.Outstanding + _exchange.Buffers.Outstanding;

    /// <summary>What is out, for people.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Host.Batches.Outstanding} batches, {_exchange.Buffers.Outstanding} buffers");

    /// <summary>Partitions that stand here, and bytes of them in memory and on the disk; all zero at rest.</summary>
    public (int Count, long MemoryBytes, long SpilledBytes) Partitions =>
        (_partitions.Count, _partitions.MemoryBytes, _partitions.Space.UsedBytes);

    /// <summary>Whether the process is still there.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The process dies: its connections break, nothing of it answers or reports any more.</summary>
    public void Lose(JobId job)
    {
        IsLost = true;
        Host.Cancel(job, JobEpoch.None.Next(), [.. Host.Running().Select(task => task.Attempt)]);
        _partitions.Dispose();
        Checkpoints.Dispose();
        _ = _exchange.DisposeAsync().AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        _partitions.Dispose();
        Checkpoints.Dispose();
        await _exchange.DisposeAsync();
    }

    /// <summary>What a dead process had to say is never heard.</summary>
    private sealed class Reporter(SimulatedSilo silo, ITaskReporter cluster) : ITaskReporter
    {
        public void Report(JobId job, JobEpoch epoch, TaskReport report)
        {
            if (!silo.IsLost)
            {
                cluster.Report(job, epoch, report);
            }
        }

        public Task<SplitAnswer> RequestSplitAsync(
            JobEpoch epoch,
            ExecutionAttemptId attempt,
            OperatorId source,
            long checkpoint,
            CancellationToken cancellationToken) =>
            cluster.RequestSplitAsync(epoch, attempt, source, checkpoint, cancellationToken);

        public Task<long> AlignAsync(AlignmentReport report, CancellationToken cancellationToken) =>
            cluster.AlignAsync(report, cancellationToken);

        public void SlotLost(JobId job, JobEpoch epoch, ExecutionAttemptId attempt, int slot)
        {
            if (!silo.IsLost)
            {
                cluster.SlotLost(job, epoch, attempt, slot);
            }
        }
    }
}
