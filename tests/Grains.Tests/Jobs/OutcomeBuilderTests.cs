using Millrace.Functions;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs;

[TestClass]
public sealed class OutcomeBuilderTests
{
    private static readonly OperatorId SinkA = new(new Id128(0, 1));
    private static readonly OperatorId SinkB = new(new Id128(0, 2));

    [TestMethod]
    public void The_outcome_is_the_same_in_whatever_order_subtasks_finish()
    {
        TaskResult[] results =
        [
            .. Enumerable.Range(0, 4).Select(subtask => new TaskResult(
                [new AccumulatorValue("sum", AccumulatorKind.LongSum, subtask)],
                [
                    new OperatorCommittables(SinkB, [[(byte)subtask]]),
                    new OperatorCommittables(SinkA, [[(byte)(10 + subtask)], [(byte)(20 + subtask)]]),
                ],
                [new ReturnedBytes("out", subtask, [(byte)subtask])])),
        ];

        string forwards = Text(Build([0, 1, 2, 3], results));
        Assert.AreEqual(forwards, Text(Build([3, 1, 0, 2], results)));
        Assert.AreEqual(
            "sum=6; A:10,20,11,21,12,22,13,23 B:0,1,2,3; out/0:0 out/1:1 out/2:2 out/3:3", forwards);
    }

    // Of the means of subtasks alone nobody could tell that of all.
    [TestMethod]
    public void The_mean_of_all_subtasks_is_that_of_all_values()
    {
        var outcome = new OutcomeBuilder(100);
        double[][] values = [[1], [2, 3, 10], []];
        for (int subtask = 0; subtask < values.Length; subtask++)
        {
            var accumulators = new SubtaskAccumulators();
            Array.ForEach(values[subtask], accumulators.Get<DoubleAverage>("mean").Add);
            outcome.Add(subtask, new TaskResult(accumulators.Values(), [], []));
        }

        AccumulatorValue mean = outcome.Build().Accumulators.Single();
        Assert.AreEqual(4, mean.Double);
        Assert.AreEqual(4, mean.Count);
    }

    [TestMethod]
    public void Accumulators_of_one_name_and_two_kinds_are_refused()
    {
        var outcome = new OutcomeBuilder(100);
        outcome.Add(0, Accumulated(AccumulatorKind.LongSum));
        Assert.ThrowsExactly<ArgumentException>(() => outcome.Add(1, Accumulated(AccumulatorKind.DoubleSum)));
    }

    [TestMethod]
    public void More_bytes_for_the_client_than_allowed_are_refused_and_named()
    {
        var outcome = new OutcomeBuilder(maxReturnedBytes: 10);
        outcome.Add(0, new TaskResult([], [], [new ReturnedBytes("out", 0, new byte[10])]));
        ResultTooLargeException refused = Assert.ThrowsExactly<ResultTooLargeException>(() =>
            outcome.Add(1, new TaskResult([], [], [new ReturnedBytes("out", 1, new byte[1])])));
        StringAssert.Contains(refused.Message, "11 bytes");
    }

    private static JobOutcome Build(int[] order, TaskResult[] results)
    {
        var outcome = new OutcomeBuilder(1_000);
        foreach (int subtask in order)
        {
            outcome.Add(subtask, results[subtask]);
        }

        return outcome.Build();
    }

    private static TaskResult Accumulated(AccumulatorKind kind) =>
        new([new AccumulatorValue("x", kind, 1)], [], []);

    private static string Text(JobOutcome outcome)
    {
        string sinks = string.Join(' ', outcome.Committables.Select(sink =>
            $"{(sink.Operator == SinkA ? "A" : "B")}:{string.Join(',', sink.Items.Select(item => item[0]))}"));
        string returned = string.Join(
            ' ', outcome.Returned.Select(part => $"{part.Name}/{part.Subtask}:{part.Bytes[0]}"));
        return $"{string.Join(',', outcome.Accumulators.Select(a => $"{a.Name}={a.Long}"))}; {sinks}; {returned}";
    }
}
