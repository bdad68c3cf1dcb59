namespace Millrace.Connectors.Console;

[TestClass]
public sealed class ConsoleSinkTests
{
    [TestMethod]
    [DataRow(null, 1, 0, "7\n")]
    [DataRow("words", 1, 0, "words> 7\n")]
    [DataRow(null, 3, 1, "2> 7\n")]
    [DataRow("words", 3, 2, "words:3> 7\n")]
    public async Task Lines_begin_with_prefix_and_subtask(string? prefix, int parallelism, int subtask, string expected)
    {
        StringWriter output = new();
        TestSinkWriterContext context = new(new TestRuntimeContext(subtask, parallelism));
        await using ISinkWriter<int> writer = new ConsoleLineSink<int>(prefix, output).CreateWriter(context);
        Assert.AreEqual(1, writer.Write([7]));
        await writer.FinishAsync(CancellationToken.None);
        Assert.AreEqual(expected, output.ToString());
    }

    [TestMethod]
    public async Task A_batch_of_lines_is_one_call_and_calls_do_not_overlap()
    {
        Recorder output = new();
        TestSinkWriterContext context = new() { OffLoop = { IsImmediate = false } };
        await using ISinkWriter<string> writer = new ConsoleLineSink<string>(null, output).CreateWriter(context);
        writer.Write(["a", "b"]);
        writer.Write(["c"]);
        writer.Write([]);
        Assert.AreEqual(1, context.OffLoop.Waiting);
        await context.OffLoop.RunAllAsync();
        writer.Write(["d"]);
        await context.OffLoop.RunAllAsync();
        CollectionAssert.AreEqual(new[] { "a\nb\nc\n", "d\n" }, output.Calls);
    }

    // What came while another call was being written must not wait for the next record.
    [TestMethod]
    public async Task Lines_that_come_while_others_are_written_follow_by_themselves()
    {
        TestSinkWriterContext context = new() { OffLoop = { IsImmediate = false } };
        ISinkWriter<string>? writer = null;
        Recorder output = new()
        {
            OnCall = text => writer!.Write(text == "first\n" ? ["second"] : []),
        };
        writer = new ConsoleLineSink<string>(null, output).CreateWriter(context);
        writer.Write(["first"]);
        await context.OffLoop.RunAllAsync();
        CollectionAssert.AreEqual(new[] { "first\n", "second\n" }, output.Calls);
        await writer.FinishAsync(CancellationToken.None);
        await writer.DisposeAsync();
    }

    [TestMethod]
    public async Task A_slow_console_holds_the_writer_back()
    {
        Recorder output = new();
        TestSinkWriterContext context = new() { OffLoop = { IsImmediate = false } };
        await using ISinkWriter<string> writer = new ConsoleLineSink<string>(null, output).CreateWriter(context);
        string[] records = [.. Enumerable.Repeat(new string('x', 1_000), 500)];
        int taken = writer.Write(records);
        Assert.IsLessThan(70, taken);
        Assert.AreEqual(0, writer.Write(records));
        await context.OffLoop.RunNextAsync();
        Assert.IsGreaterThan(0, writer.Write(records));
    }

    [TestMethod]
    public async Task A_console_that_fails_fails_the_end_too()
    {
        Recorder output = new() { OnCall = _ => throw new IOException("closed") };
        TestSinkWriterContext context = new();
        await using ISinkWriter<string> writer = new ConsoleLineSink<string>(null, output).CreateWriter(context);
        writer.Write(["a"]);
        Assert.IsInstanceOfType<IOException>(context.OffLoop.Failure);
        await Assert.ThrowsExactlyAsync<IOException>(async () => await writer.FinishAsync(CancellationToken.None));
    }

    private sealed class Recorder : StringWriter
    {
        public List<string> Calls { get; } = [];

        public Action<string> OnCall { get; init; } = _ => { };

        public override void Write(string? value)
        {
            Calls.Add(value ?? "");
            OnCall(value ?? "");
        }
    }
}
