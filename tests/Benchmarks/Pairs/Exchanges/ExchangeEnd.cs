using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.DataStream;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Tls;
using Millrace.Running;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Pairs.Exchanges;

/// <summary>The data plane of a silo with the settings it is shipped with, in one of two processes: sources run in the
/// first, whatever follows in the second.</summary>
internal sealed class ExchangeEnd : IAsyncDisposable
{
    private static readonly string[] Silos = ["127.0.0.1:1@1", "127.0.0.1:2@2"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly int _index;
    private readonly SystemExecution _execution;
    private readonly ConnectionExchange _exchange;
    private readonly NetworkEnvironment _network;
    private TaskHost? _host;
    private TaskDeploymentList? _list;
    private EndsOfTasks? _ends;

    /// <param name="index">0 in the process that sends, 1 in the one that receives.</param>
    /// <param name="identity">With which its connections are encrypted; null when they are not.</param>
    public ExchangeEnd(int index, TlsIdentity? identity)
    {
        _index = index;
        SocketTransport sockets = new();
        _execution = new SystemExecution(
            new WorkerOptions(),
            identity is null ? sockets : new TlsTransport(sockets, identity),
            TimeProvider.System);
        _exchange = new ConnectionExchange(
            _execution,
            new ExchangeOptions(),
            new ExchangeIdentity("benchmarks", Silos[index]),
            NullLogger<ConnectionExchange>.Instance);
        _network = new NetworkEnvironment(_execution, new NetworkOptions(), _exchange);
    }

    /// <summary>Where the other process reaches this one.</summary>
    public string EndPoint => $"{_exchange.EndPoint}";

    /// <summary>Builds this process's part of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="number">Number of the run, the same in both processes.</param>
    /// <param name="endPoints">Where the exchanges of both processes are.</param>
    public void Deploy(RemoteProgram program, int number, params string[] endPoints)
    {
        // Everything is deployed at once: there is nobody to run stages one after the other.
        StreamExecutionEnvironment environment =
            new StreamExecutionEnvironment().SetBatchExchange(ExchangeKind.Pipelined);
        program.Define(environment);
        JobGraph graph = JobCompiler.Compile(environment, "benchmark", 1);
        JobId job = new(new Id128(2, (ulong)number));
        ImmutableArray<TaskDeployment> tasks =
        [
            .. graph.Vertices.Index().Where(vertex => SiloOf(vertex.Index) == _index).Select(vertex =>
                new TaskDeployment(new ExecutionAttemptId(job, vertex.Item.Id, 0, 0), vertex.Index)),
        ];
        _ends = new EndsOfTasks(tasks.Length);
        _host = new TaskHost(
            new TaskHostEnvironment(
                Silos[_index],
                "end",
                _execution,
                _network,
                new SimulatedPrograms(program.Define),
                _ends,
                new TaskHostOptions(),
                new SimulatedCheckpoints(new SimulatedExecution(seed: 0), failures: 0)),
            NullLogger<TaskHost>.Instance);
        ImmutableArray<SiloEndpoint> silos = [.. Silos.Zip(endPoints, (silo, at) => new SiloEndpoint(silo, at))];
        _list = new TaskDeploymentList(
            job,
            graph.Name,
            JobEpoch.None.Next(),
            new ProgramReference(ProgramKind.InProcess, "benchmark", "benchmark"),
            [],
            graph,
            tasks,
            [
                .. graph.Vertices.Index().Select(vertex =>
                    new VertexLocations(vertex.Item.Id, [0], [SiloOf(vertex.Index)], silos)),
            ]);
        _host.DeployAsync(_list, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Runs what was deployed to its end.</summary>
    public void Run()
    {
        _host!.Start(_list!.Job, _list.Epoch, [.. _list.Tasks.Select(task => task.Attempt)]);
        _ends!.AllAsync.WaitAsync(Patience, TimeProvider.System).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _exchange.DisposeAsync();
        _execution.Dispose();
    }

    private static int SiloOf(int vertex) => Math.Min(vertex, 1);
}
