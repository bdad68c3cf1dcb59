using System.Net;
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

[TestClass]
public sealed class ExchangeSimulationTests
{
    private const int Records = 300;

    // Bytes in pieces of any size, steps in any order, credit for a few records: all arrive, in order, and none is
    // held.
    [TestMethod]
    public void Whatever_the_order_of_steps_every_record_arrives_once()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            TwoSilos run = new(seed);
            run.Until(() => run.Consumer.HasEnded);

            CollectionAssert.AreEqual(Enumerable.Range(0, Records).ToArray(), run.Consumer.Seen, $"seed {seed}");
            run.Until(() => run.Outstanding == 0);
            run.Stop();
        }
    }

    // Either end may go at any step, as when a job is canceled.
    [TestMethod]
    public void Whenever_an_end_is_released_nothing_is_held_and_nobody_waits()
    {
        for (int seed = 0; seed < 120; seed++)
        {
            TwoSilos run = new(seed);
            Random random = new(seed);
            long writeUntil = random.Next(Records);
            run.Producer.LeaveAt = seed % 2 == 0 ? (int)writeUntil : int.MaxValue;
            run.Consumer.LeaveAt = seed % 2 == 1 ? random.Next(Records) : int.MaxValue;
            run.Until(() => run.Producer.HasEnded || run.Producer.HasLeft);
            run.Consumer.LeaveAt = 0;
            run.WakeConsumer();
            run.Until(() => run.Consumer.HasLeft || run.Consumer.HasEnded);
            run.Until(() => run.Outstanding == 0);

            Assert.AreEqual(0, run.Outstanding, $"seed {seed}");
            run.Stop();
        }
    }

    private sealed class TwoSilos
    {
        private readonly SimulatedExecution _simulation;
        private readonly ConnectionExchange[] _exchanges;
        private readonly BatchAccount _batches = new();
        private readonly LoopHandle _consumer;
        private readonly int _seed;

        public TwoSilos(int seed)
        {
            _seed = seed;
            _simulation = new SimulatedExecution(seed);
            ExchangeOptions options = new() { ChannelCreditBytes = 4 << 10 };
            _exchanges = [.. new[] { "S1", "S2" }.Select(silo => new ConnectionExchange(
                _simulation,
                options,
                new ExchangeIdentity("simulated", silo),
                NullLogger<ConnectionExchange>.Instance))];
            NetworkEnvironment[] networks = [.. _exchanges.Select(exchange => new NetworkEnvironment(
                _simulation, new NetworkOptions { MaxQueuedBytes = 4 << 10 }, exchange))];
            ChannelId id = new(0, Attempt(1), Attempt(2));
            SerializerSet serializers = new();
            LoopHandle? consumer = null;
            LoopHandle? producer = null;
            IInputGate gate = networks[1].CreateGate<string>(
                new InputGateSpec("'Consumer' (1/1)", [new InputChannelSpec(id, true)], BatchSize: 3),
                serializers,
                () => consumer?.Wake(),
                _batches);
            PartitionOutput<string> output = networks[0].CreateOutput<string>(
                Spec(id, _exchanges[1].EndPoint), partition: null, serializers, () => producer?.Wake(), _batches);
            Producer = new Writer(output, new Random(seed));
            Consumer = new Reader(gate);
            producer = _simulation.StartLoop(Producer, new LoopShare("job"));
            _consumer = consumer = _simulation.StartLoop(Consumer, new LoopShare("job"));
            Connecting = output.ConnectAsync(CancellationToken.None);
            producer.Wake();
            consumer.Wake();
        }

        public Writer Producer { get; }

        public Reader Consumer { get; }

        public Task Connecting { get; }

        // A connection that is read holds a buffer for its next read.
        public long Outstanding =>
            _batches.Outstanding + _exchanges.Sum(exchange => exchange.Buffers.Outstanding - exchange.Connections);

        public void WakeConsumer() => _consumer.Wake();

        public void Until(Func<bool> condition)
        {
            _simulation.RunUntil(condition, maxSteps: 200_000);
            Assert.IsTrue(Connecting.Status != TaskStatus.Faulted, $"seed {_seed}: {Connecting.Exception}");
        }

        public void Stop()
        {
            Task[] stopping =
                [.. _exchanges.Select(exchange => _simulation.RunAsync(() => exchange.DisposeAsync().AsTask()))];
            _simulation.RunUntil(() => stopping.All(task => task.IsCompleted));
            Assert.AreEqual(0, _exchanges.Sum(exchange => exchange.Buffers.Outstanding), $"seed {_seed}");
        }

        private static OutputSpec Spec(ChannelId id, EndPoint there) => new()
        {
            Name = "Producer",
            Edge = 0,
            Partitioner = PartitionerKind.Forward,
            Targets = [new OutputTarget(id, there)],
            Subtask = 0,
            MaxParallelism = 128,
            BatchSize = 5,
        };

        private static ExecutionAttemptId Attempt(ulong vertex) =>
            new(new JobId(new Id128(3, 3)), new VertexId(new Id128(vertex, vertex)), 0, 0);
    }

    private sealed class Writer(PartitionOutput<string> output, Random random) : ILoop
    {
        private int _next;

        public string Name => "writer";

        public int LeaveAt { get; set; } = int.MaxValue;

        public bool HasLeft { get; private set; }

        public bool HasEnded { get; private set; }

        public LoopStatus RunRound()
        {
            if (_next >= LeaveAt)
            {
                output.Dispose();
                HasLeft = true;
                return LoopStatus.Done;
            }

            if (!output.IsAvailable)
            {
                return LoopStatus.Waiting;
            }

            if (_next == Records)
            {
                output.Emit(EndOfData.Instance);
                output.Dispose();
                HasEnded = true;
                return LoopStatus.Done;
            }

            output.Emit($"{_next++} {new string('x', random.Next(400))}");
            if (random.Next(4) == 0)
            {
                output.FlushPartial();
            }

            return LoopStatus.Ready;
        }
    }

    private sealed class Reader(IInputGate gate) : ILoop
    {
        public string Name => "reader";

        public List<int> Seen { get; } = [];

        public int LeaveAt { get; set; } = int.MaxValue;

        public bool HasLeft { get; private set; }

        public bool HasEnded { get; private set; }

        public LoopStatus RunRound()
        {
            if (Seen.Count >= LeaveAt)
            {
                gate.Dispose();
                HasLeft = true;
                return LoopStatus.Done;
            }

            if (!gate.TryTake(out _, out StreamElement? element))
            {
                return LoopStatus.Waiting;
            }

            if (element is EndOfData)
            {
                gate.Dispose();
                HasEnded = true;
                return LoopStatus.Done;
            }

            var batch = (RecordBatch<string>)element!;
            foreach (string record in batch.Records)
            {
                Seen.Add(int.Parse(record.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
            }

            batch.Release();
            return LoopStatus.Ready;
        }
    }
}
