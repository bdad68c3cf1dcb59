using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Joins;
using Millrace.Operators.TwoInputs;
using Millrace.State;

namespace Millrace.Operators.Connected;

[TestClass]
[Verifies(typeof(KeyedCoOperator<,,,,>))]
public sealed class KeyedCoOperatorTests
{
    // Each record's end of tens has a timer; it says how many records of both sides the key has had by then.
    [TestMethod]
    public void State_and_timers_are_shared_by_both_inputs_and_saved_with_the_key()
    {
        (Mark Value, long Time)[] left = Joining.Marks(1, 60);
        (Mark Value, long Time)[] right = Joining.Marks(2, 60);
        string[] expected =
        [
            .. from mark in left.Concat(right)
               group mark by (mark.Value.Key, End: EndOf(mark.Time)) into tens
               select $"{tens.Key.Key} at {tens.Key.End}: " +
                   $"{left.Count(mark => Belongs(mark.Value, tens.Key))} and " +
                   $"{right.Count(mark => Belongs(mark.Value, tens.Key))}",
        ];

        TwoInputVerifier.Verify(new TwoInputCase<Mark, Mark, string>(
            (output, range) =>
            {
                KeyedOperatorParts<int, string> parts = Joining.Parts(output, range);
                return new KeyedCoOperator<int, Mark, Mark, string, KeyedCoProcessStep<int, Mark, Mark, string>>(
                    parts,
                    Joining.Keys,
                    timers => new(new CountTens(), parts.State, timers, parts.Sides));
            },
            left,
            right,
            Joining.HashOf,
            Joining.HashOf,
            expected)
        {
            LeavesNothing = true,
        });
    }

    private static long EndOf(long time) => ((time / 10) + 1) * 10;

    private static bool Belongs(Mark mark, (int Key, long End) tens) =>
        mark.Key == tens.Key && EndOf(mark.Time) == tens.End;

    private sealed class CountTens : KeyedCoProcessFunction<int, Mark, Mark, string>
    {
        private IMapState<long, long> _left = null!;
        private IMapState<long, long> _right = null!;

        public override void Open(RuntimeContext context)
        {
            _left = context.GetState(new MapStateDescriptor<long, long>("left"));
            _right = context.GetState(new MapStateDescriptor<long, long>("right"));
        }

        public override void ProcessLeft(Mark value, Context context, ICollector<string> output) =>
            Count(_left, value, context);

        public override void ProcessRight(Mark value, Context context, ICollector<string> output) =>
            Count(_right, value, context);

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
        {
            _left.TryGet(timestamp, out long left);
            _right.TryGet(timestamp, out long right);
            output.Emit($"{context.CurrentKey} at {timestamp}: {left} and {right}");
            _left.Remove(timestamp);
            _right.Remove(timestamp);
        }

        private static void Count(IMapState<long, long> counts, Mark value, Context context)
        {
            Assert.AreEqual(value.Key, context.CurrentKey);
            Assert.AreEqual(value.Time, context.Timestamp);
            long end = EndOf(value.Time);
            counts.TryGet(end, out long count);
            counts[end] = count + 1;
            context.TimerService.RegisterEventTimeTimer(end);
        }
    }
}
