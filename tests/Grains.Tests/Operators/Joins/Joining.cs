using Millrace.Batches;
using Millrace.Graph.Connecting;
using Millrace.Joins;
using Millrace.Operators.Connected;
using Millrace.Operators.Outputs;
using Millrace.Operators.TwoInputs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Joins;

/// <summary>A record of either side: its key and its time.</summary>
internal readonly record struct Mark(int Key, long Time);

/// <summary>A result: the times of its pair.</summary>
internal readonly record struct Pair(int Key, long Left, long Right);

/// <summary>Joins for tests, with int keys.</summary>
internal static class Joining
{
    private static readonly SerializerSet Serializers = new();

    public static readonly CoKeys<Mark, Mark, int> Keys = new(left => left.Key, right => right.Key);

    public static ulong HashOf(Mark mark) => Serializers.GetKeyHasher<int>().Hash(mark.Key);

    public static KeyedOperatorParts<int, TOut> Parts<TOut>(
        Output<TOut> output, KeyGroupRange range, params SideOutput[] sides)
    {
        var loop = new TestLoop();
        return new KeyedOperatorParts<int, TOut>(
            "Join",
            new HeapStateBackend<int>(new("Join", Serializers, TwoInputVerifier.KeyGroups, range, loop.Time)),
            loop,
            loop.Clock,
            output,
            new SideOutputs("Join", sides));
    }

    public static TwoInputOperator<Mark, Mark> Interval(
        JoinInterval<Mark, Mark> interval, Output<Pair> output, KeyGroupRange range, params SideOutput[] sides) =>
        new IntervalJoinOperator<int, Mark, Mark, Pair, JoinStep<Mark, Mark, Pair, DelegateJoin<Mark, Mark, Pair>>>(
            Parts(output, range, sides), Keys, interval, new(PairUp));

    public static TwoInputOperator<Mark, Mark> Temporal(
        TemporalJoinSides<Mark> outcasts, Output<Pair> output, KeyGroupRange range, params SideOutput[] sides) =>
        new TemporalJoinOperator<int, Mark, Mark, Pair, DelegateJoin<Mark, Mark, Pair>>(
            Parts(output, range, sides), Keys, outcasts, PairUp);

    /// <summary>Records of some keys, out of order by some milliseconds.</summary>
    public static (Mark Value, long Time)[] Marks(int seed, int count, int step = 3)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => new Mark(random.Next(5), 1_000 + (i * step) + random.Next(25)))
                .Select(mark => (mark, mark.Time)),
        ];
    }

    private static DelegateJoin<Mark, Mark, Pair> PairUp { get; } =
        new((left, right) => new Pair(left.Key, left.Time, right.Time));
}
