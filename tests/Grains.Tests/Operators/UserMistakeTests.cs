using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Graph;
using Millrace.Harnesses;
using Millrace.Jobs;
using Millrace.Joins;
using Millrace.State;

namespace Millrace.Operators;

/// <summary>Mistakes in a program are told by what they are about, what was seen and what is needed: when the graph is
/// built where that can be known, else when the function says it.</summary>
[TestClass]
public sealed class UserMistakeTests
{
    [TestMethod]
    public void One_name_for_two_states_is_refused_when_they_are_asked_for()
    {
        string message = Misused(context =>
        {
            context.GetState(new ValueStateDescriptor<long>("seen"));
            context.GetState(new ValueStateDescriptor<string>("seen"));
        });

        Named(message, "'misused'", "'seen'", "System.Int64", "System.String", "another name");
        Named(
            Misused(context =>
            {
                context.GetState(new ValueStateDescriptor<long>("seen"));
                context.GetState(new ListStateDescriptor<long>("seen"));
            }),
            "'misused'", "'seen'", "value", "list");
        Named(
            Misused(context =>
            {
                context.GetOperatorState(new ListStateDescriptor<long>("seen"));
                context.GetUnionState(new ListStateDescriptor<long>("seen"));
            }),
            "'misused'", "'seen'", "union");
    }

    [TestMethod]
    public void A_name_that_the_operator_itself_uses_is_refused()
    {
        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(() =>
            FunctionHarness.Of<int, int, int>((left, right) => left.KeyBy(x => x).IntervalJoin(right.KeyBy(x => x))
                .Between(TimeSpan.Zero, TimeSpan.Zero).Process(new LeftOfItsOwn()).Name("near")));

        Named(error.Message, "'near'", "'left'", "the operator itself");
    }

    [TestMethod]
    public void A_side_output_is_emitted_to_with_one_type()
    {
        using OneInputHarness<string, string> harness =
            FunctionHarness.Of<string, string>(words => words.Process(new TwoTypes()).Name("sort out"));
        harness.Process("number");

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => harness.Process("text"));

        Named(error.Message, "'sort out'", "'odd'", "System.Int64", "System.String");
    }

    [TestMethod]
    public void Keys_without_a_stable_hash_are_refused_with_the_path_to_what_has_none()
    {
        Named(KeyRefused<int[]>(), "'count'", "Int32[]", "cannot be a key");
        Named(KeyRefused<(int, List<string>)>(), "'count'", "Item2", "cannot be a key");
        Named(KeyRefused<Nested>(), "'count'", "Nested.Inner.Parts", "cannot be a key");
        Named(KeyRefused<Uri>(), "'count'", "Uri", "cannot be a key");
    }

    [TestMethod]
    public void Keys_of_enums_tuples_and_records_of_such_are_taken()
    {
        Assert.AreEqual("count", Compile<(DayOfWeek, Good?)>().Vertices[^1].Name);
        Assert.AreEqual("count", Compile<Good>().Vertices[^1].Name);
        Assert.AreEqual("count", Compile<DayOfWeek?>().Vertices[^1].Name);
    }

    [TestMethod]
    public void The_keys_of_a_broadcast_map_need_a_stable_hash_too()
    {
        var environment = new StreamExecutionEnvironment();
        DataStream<int> numbers = environment.FromElements(1);
        numbers.Connect(numbers.Broadcast(new MapStateDescriptor<int[], int>("rules"))).Process(new Nothing())
            .Name("by rules");

        Named(
            Refused(environment),
            "'by rules'", "Int32[]", "cannot be a key");
    }

    [TestMethod]
    public void Joins_by_time_without_timestamps_are_refused()
    {
        var environment = new StreamExecutionEnvironment();
        DataStream<int> timed = environment.FromElements(1)
            .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<int>()
                .WithTimestampAssigner(x => x));
        timed.KeyBy(x => x).IntervalJoin(environment.FromElements(2).KeyBy(x => x))
            .Between(TimeSpan.Zero, TimeSpan.Zero).Apply((left, _) => left).Name("near");

        Named(
            Refused(environment),
            "'near'", "right input", "AssignTimestampsAndWatermarks");
    }

    private static string Misused(Action<RuntimeContext> open) => Assert.ThrowsExactly<InvalidStateUseException>(
        () => FunctionHarness.Of<string, string>(words => words.KeyBy(word => word).Process(new Opening(open))
            .Name("misused"))).Message;

    private static string KeyRefused<TKey>() =>
        Assert.ThrowsExactly<InvalidProgramGraphException>(() => Compile<TKey>()).Message;

    private static string Refused(StreamExecutionEnvironment environment) =>
        Assert.ThrowsExactly<InvalidProgramGraphException>(() => JobCompiler.Compile(environment, "job", 1)).Message;

    private static JobGraph Compile<TKey>()
    {
        var environment = new StreamExecutionEnvironment();
        environment.FromElements(1).KeyBy(_ => default(TKey)!).Reduce((left, _) => left).Name("count");
        return JobCompiler.Compile(environment, "job", 1);
    }

    private static void Named(string message, params string[] parts)
    {
        foreach (string part in parts)
        {
            StringAssert.Contains(message, part);
        }
    }

    private sealed record Inner(string Name, string[] Parts);

    private sealed record Nested(int Number, Inner Inner);

    private readonly record struct Good(string Name, DayOfWeek Day, (int, long) Place);

    private sealed class Opening(Action<RuntimeContext> open) : KeyedProcessFunction<string, string, string>
    {
        public override void Open(RuntimeContext context) => open(context);

        public override void ProcessElement(string value, Context context, ICollector<string> output)
        {
        }
    }

    private sealed class LeftOfItsOwn : ProcessJoinFunction<int, int, int>
    {
        public override void Open(RuntimeContext context) =>
            context.GetState(new ValueStateDescriptor<string>("left"));

        public override void ProcessElement(int left, int right, Context context, ICollector<int> output)
        {
        }
    }

    private sealed class TwoTypes : ProcessFunction<string, string>
    {
        public override void ProcessElement(string value, Context context, ICollector<string> output)
        {
            if (value == "number")
            {
                context.Output(new OutputTag<long>("odd"), 1);
                return;
            }

            context.Output(new OutputTag<string>("odd"), value);
        }
    }

    private sealed class Nothing : BroadcastProcessFunction<int, int, int>
    {
        public override void ProcessElement(int value, ReadOnlyContext context, ICollector<int> output)
        {
        }

        public override void ProcessBroadcastElement(int value, Context context, ICollector<int> output)
        {
        }
    }
}
