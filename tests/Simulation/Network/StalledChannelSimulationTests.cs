using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network.Exchange;
using Millrace.Network.Partitioners;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Network;

/// <summary>How fast channels are while another one on their connection stands still, in simulated time: the steps of
/// the simulation are all that takes time.</summary>
[TestClass]
public sealed class StalledChannelSimulationTests
{
    private const int Running = 3;
    private const int Records = 2_000;
    private const int Credit = 4 << 10;

    [TestMethod]
    public void Channels_are_as_fast_beside_a_stalled_one_as_beside_one_that_is_idle()
    {
        TimeSpan besideIdle = default;
        TimeSpan besideStalled = default;
        for (int seed = 0; seed < 12; seed++)
        {
            besideIdle += TimeOf(seed, stalled: false);
            besideStalled += TimeOf(seed, stalled: true);
        }

        double ratio = besideStalled / besideIdle;
        Assert.IsTrue(
            ratio is > 0.9 and < 1.1, $"{besideStalled} beside a stalled channel, {besideIdle} beside an idle one");
    }

    private static TimeSpan TimeOf(int seed, bool stalled)
    {
        SimulatedExecution simulation = new(seed);
        ExchangeOptions options = new() { ChannelCreditBytes = Credit };
        ConnectionExchange[] exchanges = [.. new[] { "S1", "S2" }.Select(silo => new ConnectionExchange(
            simulation,
            options,
            new ExchangeIdentity("simulated", silo),
            NullLogger<ConnectionExchange>.Instance))];
        Channel[] channels = [.. Enumerable.Range(0, Running + 1).Select(index => new Channel(
            simulation, exchanges, index))];
        simulation.RunUntil(() => channels.All(channel => channel.Connecting.IsCompletedSuccessfully));
        if (stalled)
        {
            // Nobody reads it: it has used up its credit, and its producer is stopped.
            channels[Running].Write();
            simulation.RunUntil(() => channels[Running].IsStopped);
        }

        DateTimeOffset start = simulation.Time.GetUtcNow();
        for (int index = 0; index < Running; index++)
        {
            channels[index].Write();
            channels[index].Read();
        }

        simulation.RunUntil(() => channels[..Running].All(channel => channel.Seen == Records));
        TimeSpan elapsed = simulation.Time.GetUtcNow() - start;
        Assert.AreEqual(1, exchanges[0].Connections, $"seed {seed}: all channels share one connection");
        Assert.AreEqual(stalled, channels[Running].IsStopped, $"seed {seed}: whether the channel stands still");
        Assert.IsGreaterThan(
            40 * Credit, channels[0].Bytes, $"seed {seed}: bytes of a channel, far more than its credit");
        Stop(simulation, exchanges, channels);
        return elapsed;
    }

    private static void Stop(
        SimulatedExecution simulation, ConnectionExchange[] exchanges, Channel[] channels)
    {
        foreach (Channel channel in channels)
        {
            channel.Dispose();
        }

        Task[] stopping =
            [.. exchanges.Select(exchange => simulation.RunAsync(() => exchange.DisposeAsync().AsTask()))];
        simulation.RunUntil(() => stopping.All(task => task.IsCompleted));
    }

    private sealed class Channel : IDisposable
    {
        private readonly PartitionOutput<string> _output;
        private readonly IInputGate _gate;
        private readonly BatchAccount _batches = new();
        private readonly LoopHandle _writing;
        private readonly LoopHandle _reading;
        private int _written;
        private bool _writes;
        private bool _reads;

        public Channel(SimulatedExecution simulation, ConnectionExchange[] exchanges, int index)
        {
            NetworkEnvironment[] networks = [.. exchanges.Select(exchange => new NetworkEnvironment(
                simulation, new NetworkOptions { MaxQueuedBytes = Credit }, exchange))];
            ChannelId id = new(0, Attempt(1, index), Attempt(2, index));
            SerializerSet serializers = new();
            LoopHandle? reading = null;
            LoopHandle? writing = null;
            _gate = networks[1].CreateGate<string>(
                new InputGateSpec($"'Consumer' ({index})", [new InputChannelSpec(id, true)], BatchSize: 16),
                serializers,
                () => reading?.Wake(),
                _batches);
            _output = networks[0].CreateOutput<string>(
                new OutputSpec
                {
                    Name = "Producer",
                    Edge = 0,
                    Partitioner = PartitionerKind.Forward,
                    Targets = [new OutputTarget(id, exchanges[1].EndPoint)],
                    Subtask = index,
                    MaxParallelism = 128,
                    BatchSize = 16,
                },
                partition: null,
                serializers,
                () => writing?.Wake(),
                _batches);
            _writing = writing = simulation.StartLoop(new Rounds("writer", WriteRound), new LoopShare("job"));
            _reading = reading = simulation.StartLoop(new Rounds("reader", ReadRound), new LoopShare("job"));
            Connecting = _output.ConnectAsync(CancellationToken.None);
        }

        public Task Connecting { get; }

        /// <summary>Records read.</summary>
        public int Seen { get; private set; }

        /// <summary>Whether its producer waits for room.</summary>
        public bool IsStopped { get; private set; }

        public long Bytes => _gate.Counts.Bytes;

        public void Write()
        {
            _writes = true;
            _writing.Wake();
        }

        public void Read()
        {
            _reads = true;
            _reading.Wake();
        }

        public void Dispose()
        {
            _writes = _reads = false;
            _output.Dispose();
            _gate.Dispose();
        }

        private static ExecutionAttemptId Attempt(ulong vertex, int subtask) =>
            new(new JobId(new Id128(3, 3)), new VertexId(new Id128(vertex, vertex)), subtask, 0);

        private LoopStatus WriteRound()
        {
            IsStopped = _writes && !_output.IsAvailable;
            if (!_writes || IsStopped || _written == Records)
            {
                return LoopStatus.Waiting;
            }

            _output.Emit($"{_written++} {new string('x', 100)}");
            if (_written == Records)
            {
                _output.FlushPartial();
            }

            return LoopStatus.Ready;
        }

        private LoopStatus ReadRound()
        {
            if (!_reads || !_gate.TryTake(out _, out StreamElement? element))
            {
                return LoopStatus.Waiting;
            }

            Seen += ((RecordBatch<string>)element!).Count;
            element!.Release();
            return LoopStatus.Ready;
        }
    }

    private sealed class Rounds(string name, Func<LoopStatus> round) : ILoop
    {
        public string Name => name;

        public LoopStatus RunRound() => round();
    }
}
