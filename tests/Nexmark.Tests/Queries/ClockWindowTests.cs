using Millrace.Connectors;
using Millrace.EventTime;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>q12 on a simulated cluster, whose clock moves only when nothing is left to do: then its windows are known
/// to the last bid.</summary>
[TestClass]
public sealed class ClockWindowTests
{
    private const int Events = 2_000;
    private const int Burst = 500;

    // In the middle of a window each; two windows stay empty in between.
    private static readonly long[] Bursts = [5_000, 6_500, 16_000, 45_000];

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void Every_window_of_the_clock_has_the_bids_that_came_in_it(int silos, int parallelism)
    {
        var generator = new EventGenerator<JavaRandom>(new EventNumbering());
        EventLog log = EventLog.Of(Events, generator.Numbering);
        long[] arrivals =
        [
            .. Enumerable.Range(0, Events).Where(number => generator.At(number).IsBid)
                .Select(number => BurstSource.Begin + Bursts[number / Burst]),
        ];
        string model = RowHash.Of(WindowQueries.Q12(log, index => arrivals[index])).ToString();
        for (int seed = 0; seed < 5; seed++)
        {
            var cluster = new SimulatedCluster(
                new SimulatedExecution(seed),
                silos,
                parallelism,
                env => new Q12().Define(
                    env.FromSource(new BurstSource(), WatermarkStrategy.NoWatermarks<Event>()),
                    new QueryOutput(QueryOutput.Hash, overwrite: false)));

            cluster.Run();

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            var found = new RowHash(
                Sum(cluster, ResultNames.Rows), unchecked((ulong)Sum(cluster, ResultNames.Hash)));
            Assert.AreEqual(model, found.ToString(), $"seed {seed}");
        }
    }

    private static long Sum(SimulatedCluster cluster, string name) =>
        cluster.Outcome!.Accumulators.Single(accumulator => accumulator.Name == name).Long;

    /// <summary>All events, from one subtask, each burst at its time.</summary>
    private sealed class BurstSource : Source<Event, int>
    {
        /// <summary>A window begins here, before the simulation's clock does.</summary>
        public const long Begin = 1_767_225_600_000;

        public override Boundedness Boundedness => Boundedness.Bounded;

        public override ISplitEnumerator<int> CreateEnumerator(SplitEnumeratorContext context) => new OneSplit();

        public override ISourceReader<Event, int> CreateReader(SourceReaderContext context) => new Reader(context);

        private sealed class OneSplit : ISplitEnumerator<int>
        {
            private bool _isTaken;

            public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

            public ValueTask<SplitAssignment<int>> NextAsync(int subtask, CancellationToken cancellationToken)
            {
                bool isFirst = !_isTaken;
                _isTaken = true;
                return new(isFirst ? SplitAssignment<int>.Of(0) : SplitAssignment<int>.NoMore);
            }

            public void AddBack(IReadOnlyList<int> splits, int subtask) => _isTaken = false;

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }

        private sealed class Reader(SourceReaderContext context) : ISourceReader<Event, int>
        {
            private readonly EventGenerator<JavaRandom> _generator = new(new EventNumbering());
            private bool _hasSplit;
            private bool _noMoreSplits;
            private int _next;

            public void AddSplit(int split) => _hasSplit = true;

            public void NoMoreSplits() => _noMoreSplits = true;

            public ReadStatus Read(ref SourceBatch<Event> batch)
            {
                if (!_hasSplit)
                {
                    return _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
                }

                if (_next == Events)
                {
                    _hasSplit = false;
                    return ReadStatus.NeedSplit;
                }

                long due = Begin + Bursts[_next / Burst] - context.Time.GetUtcNow().ToUnixTimeMilliseconds();
                if (due > 0)
                {
                    context.WakeAfter(TimeSpan.FromMilliseconds(due));
                    return ReadStatus.NothingNow;
                }

                int end = Math.Min(_next + batch.Free, ((_next / Burst) + 1) * Burst);
                while (_next < end)
                {
                    Event made = _generator.At(_next++);
                    batch.Add(made, made.Time);
                }

                return ReadStatus.More;
            }

            public string? DescribePosition(int index) => null;

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
