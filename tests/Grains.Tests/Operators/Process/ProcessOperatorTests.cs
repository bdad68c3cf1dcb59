using Microsoft.Extensions.Time.Testing;
using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Operators.Outputs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.OperatorStates;

namespace Millrace.Operators.Process;

[TestClass]
[Verifies(typeof(ProcessOperator<,>))]
public sealed class ProcessOperatorTests
{
    [TestMethod]
    public void It_gives_everything_its_function_emits_however_it_is_run() =>
        OperatorVerifier.Verify(
            output => Operator(new Twice(), output),
            [1, 2, 3, 4, 5],
            [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);

    [TestMethod]
    public void Its_function_sees_the_time_of_records_clock_and_watermark()
    {
        var output = new TestOutput<string>(1, _ => true);
        using ProcessOperator<int, string> step = Operator(new Times(), output);
        var pool = new BatchPool<int>(2, BatchLayout.Timestamps, new BatchAccount());
        RecordBatch<int> batch = pool.Rent();
        batch.Count = 2;
        batch.Timestamps![0] = 30;
        batch.Timestamps[1] = RecordBatch.NoTimestamp;

        Assert.IsTrue(step.Advance(17));
        Assert.AreEqual(2, step.Process(batch, 0, 2));
        batch.Release();

        CollectionAssert.AreEqual(new[] { "30 17 5", " 17 5" }, output.Records);
    }

    [TestMethod]
    public void State_without_keys_is_refused_with_operator_and_state()
    {
        using ProcessOperator<int, int> step = Operator(new Stateful(), new TestOutput<int>(1, _ => true));

        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(
            () => step.Open(name => new TestRuntimeContext { Operator = name }));

        StringAssert.Contains(error.Message, "'Process'");
        StringAssert.Contains(error.Message, "'total'");
        StringAssert.Contains(error.Message, "KeyBy");
    }

    private static ProcessOperator<int, TOut> Operator<TOut>(ProcessFunction<int, TOut> function, Output<TOut> output)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(5));
        var states = new OperatorStateBackend("Process", new SerializerSet());
        return new ProcessOperator<int, TOut>(
            "Process", function, states, clock, output, new SideOutputs("Process"));
    }

    private sealed class Twice : ProcessFunction<int, int>
    {
        public override void ProcessElement(int value, Context context, ICollector<int> output)
        {
            output.Emit(value);
            output.Emit(value);
            context.Output(new OutputTag<int>("unused"), value);
        }
    }

    private sealed class Times : ProcessFunction<int, string>
    {
        public override void ProcessElement(int value, Context context, ICollector<string> output) =>
            output.Emit($"{context.Timestamp} {context.CurrentWatermark} {context.CurrentProcessingTime}");
    }

    private sealed class Stateful : ProcessFunction<int, int>
    {
        public override void Open(RuntimeContext context) =>
            context.GetState(new ValueStateDescriptor<int>("total"));

        public override void ProcessElement(int value, Context context, ICollector<int> output)
        {
        }
    }
}
