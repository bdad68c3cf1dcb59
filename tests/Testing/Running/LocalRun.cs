using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.DataStream;
using Millrace.Execution;
using Millrace.Execution.Spilling;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Network.Blocking;
using Millrace.Network.Exchange.Frames;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Running;

/// <summary>Runs programs on one silo's task host without Orleans, so that a run is the data plane and nothing
/// else.</summary>
internal sealed class LocalRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly SiloEndpoint Here = new("127.0.0.1:1@1", "127.0.0.1:1");

    private readonly SystemExecution _execution;
    private readonly PartitionStore _partitions;
    private readonly NetworkEnvironment _network;
    private int _jobs;

    /// <param name="workers">Number of worker threads.</param>
    public LocalRun(int workers)
    {
        _execution = new SystemExecution(
            new WorkerOptions { Threads = workers }, new SocketTransport(), TimeProvider.System);
        _partitions = new PartitionStore(
            _execution, new SpillSpace(_execution, new BatchOptions()), new BufferAccount());
        _network = new NetworkEnvironment(_execution, new NetworkOptions(), exchange: null, _partitions);
    }

    /// <summary>Runs a bounded program to its end. Thread-safe: several may run at a time.</summary>
    public void Run(Action<StreamExecutionEnvironment> define, int parallelism = 1)
    {
        // Everything is deployed at once: there is nobody to run stages one after the other.
        var environment = new StreamExecutionEnvironment();
        environment.SetBatchExchange(ExchangeKind.Pipelined);
        define(environment);
        JobGraph graph = JobCompiler.Compile(environment, "benchmark", parallelism);
        var job = new JobId(new Id128(1, (ulong)Interlocked.Increment(ref _jobs)));
        ImmutableArray<TaskDeployment> tasks =
        [
            .. graph.Vertices.Reverse().SelectMany(vertex => Enumerable.Range(0, vertex.Parallelism).Select(subtask =>
                new TaskDeployment(new ExecutionAttemptId(job, vertex.Id, subtask, 0), subtask))),
        ];
        var ends = new EndsOfTasks(tasks.Length);
        var host = new TaskHost(
            new TaskHostEnvironment(
                Here.Silo,
                "here",
                _execution,
                _network,
                new SimulatedPrograms(define),
                ends,
                new TaskHostOptions(),
                new SimulatedCheckpoints(new SimulatedExecution(seed: 0), failures: 0)),
            NullLogger<TaskHost>.Instance);
        var list = new TaskDeploymentList(
            job,
            graph.Name,
            JobEpoch.None.Next(),
            new ProgramReference(ProgramKind.InProcess, "benchmark", "benchmark"),
            [],
            graph,
            tasks,
            [.. graph.Vertices.Select(Locations)]);
        RunToEnd(host, list, ends).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _partitions.Dispose();
        _execution.Dispose();
    }

    private static async Task RunToEnd(TaskHost host, TaskDeploymentList list, EndsOfTasks ends)
    {
        await host.DeployAsync(list, CancellationToken.None);
        host.Start(list.Job, list.Epoch, [.. list.Tasks.Select(task => task.Attempt)]);
        await ends.AllAsync.WaitAsync(Patience, TimeProvider.System);
    }

    private static VertexLocations Locations(JobVertex vertex) => new(
        vertex.Id,
        [.. Enumerable.Repeat(0, vertex.Parallelism)],
        [.. Enumerable.Repeat(0, vertex.Parallelism)],
        [Here]);
}
