using Millrace.DataStream;
using Millrace.Harnesses;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>How far event time had come is part of what windows keep.</summary>
[TestClass]
public sealed class LateAfterRestoreTests
{
    private static readonly OutputTag<string> Late = new("late");

    private static readonly TimeSpan Ten = TimeSpan.FromMilliseconds(10);

    // A key without a window has nothing else to tell that its time is over.
    [TestMethod]
    [DataRow("tumbling")]
    [DataRow("sliding")]
    [DataRow("session")]
    public void A_record_that_was_late_is_late_after_a_restore(string windows)
    {
        using OneInputHarness<string, long> before = Counting(windows);
        before.Process("a", 1_000);
        before.Process("b", 1_041);
        before.AdvanceWatermark(1_040);
        HarnessSnapshot snapshot = before.Snapshot();
        for (int parallelism = 1; parallelism < 4; parallelism++)
        {
            int late = 0;
            int results = 0;
            for (int subtask = 0; subtask < parallelism; subtask++)
            {
                using OneInputHarness<string, long> after = Counting(windows, new HarnessSettings
                {
                    Subtask = subtask,
                    Parallelism = parallelism,
                    Restore = [snapshot],
                });
                foreach (string word in (string[])["a", "b", "c", "d"])
                {
                    if (after.Owns(word))
                    {
                        after.Process(word, 1_000);
                    }
                }

                after.Finish();
                late += after.SideOutput(Late).Count;
                results += after.Results.Count;
            }

            Assert.AreEqual(4, late);
            Assert.AreEqual(windows == "sliding" ? 2 : 1, results, "the windows of b");
        }
    }

    private static OneInputHarness<string, long> Counting(string windows, HarnessSettings? settings = null) =>
        FunctionHarness.Of<string, long>(words => Counted(words.KeyBy(word => word), windows), settings);

    // One operator: the count itself is what is looked at.
    private static DataStream<long> Counted(KeyedStream<string, string> words, string windows) => (windows switch
    {
        "tumbling" => words.Window(TumblingEventTimeWindows.Of(Ten)),
        "sliding" => words.Window(SlidingEventTimeWindows.Of(Ten, Ten / 2)),
        _ => words.Window(EventTimeSessionWindows.WithGap(Ten)),
    }).SideOutputLateData(Late).Aggregate(new Counter());

    private sealed class Counter : Functions.IAggregateFunction<string, long, long>
    {
        public long CreateAccumulator() => 0;

        public long Add(string value, long accumulator) => accumulator + 1;

        public long GetResult(long accumulator) => accumulator;

        public long Merge(long left, long right) => left + right;
    }
}
