using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.State;

namespace Millrace;

/// <summary>Process functions within whole programs, under many orders of events.</summary>
[TestClass]
public sealed class ProcessSimulationTests
{
    private const int Seeds = 10;

    private static readonly OutputTag<string> Odd = new("odd");

    // The side output goes on within the chain, and over an edge by key; the main output beside it.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void State_by_key_and_side_outputs_give_every_record_once(int silos, int parallelism)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<string> records = SimulatedJob.Collect<string>(seed, silos, parallelism, env =>
            {
                DataStream<string> even = env.SetBatchSize(1 + (seed % 7))
                    .FromSequence(0, 299).KeyBy(x => x % 7).Process(new Numbered());
                DataStream<string> odd = even.GetSideOutput(Odd);
                even.Union(odd.Map(x => $"{x}!"), odd.KeyBy(x => x).Map(x => $"{x}?")).CollectTo("out");
            });

            CollectionAssert.AreEquivalent(Expected().ToArray(), records, $"seed {seed}");
        }
    }

    // The last timers may find the input at its end, when they no longer fire.
    [TestMethod]
    public void Timers_by_the_clock_fire_once_while_the_input_lasts()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<long> fired = SimulatedJob.Collect<long>(seed, 2, 2, env => env
                .SetRuntimeMode(RuntimeMode.Streaming)
                .FromSource(DataGenerator.Source(i => i, 200, recordsPerSecond: 1_000))
                .KeyBy(x => x)
                .Process(new After20Milliseconds())
                .CollectTo("out"));

            Assert.HasCount(fired.Count, fired.Distinct());
            CollectionAssert.IsSubsetOf(Enumerable.Range(0, 100).Select(i => (long)i).ToArray(), fired, $"seed {seed}");
        }
    }

    private static IEnumerable<string> Expected()
    {
        for (int key = 0; key < 7; key++)
        {
            int count = Enumerable.Range(0, 300).Count(x => x % 7 == key);
            for (int number = 1; number <= count; number++)
            {
                string record = $"{key}: {number}";
                foreach (string result in number % 2 == 0 ? (string[])[record] : [$"{record}!", $"{record}?"])
                {
                    yield return result;
                }
            }
        }
    }

    private sealed class Numbered : KeyedProcessFunction<long, long, string>
    {
        private IValueState<long> _count = null!;

        public override void Open(RuntimeContext context) =>
            _count = context.GetState(new ValueStateDescriptor<long>("count"));

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            long count = _count.Value + 1;
            _count.Update(count);
            string record = $"{context.CurrentKey}: {count}";
            if (count % 2 == 0)
            {
                output.Emit(record);
                return;
            }

            context.Output(Odd, record);
        }
    }

    private sealed class After20Milliseconds : KeyedProcessFunction<long, long, long>
    {
        public override void ProcessElement(long value, Context context, ICollector<long> output) =>
            context.TimerService.RegisterProcessingTimeTimer(context.TimerService.CurrentProcessingTime + 20);

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<long> output)
        {
            Assert.IsGreaterThanOrEqualTo(timestamp, context.TimerService.CurrentProcessingTime);
            output.Emit(context.CurrentKey);
        }
    }
}
