using Millrace.Batches;
using Millrace.Connectors;

namespace Millrace.Operators;

/// <summary>Runs an operator over the same input in every way a loop may run it.</summary>
internal static class OperatorRuns
{
    /// <summary>All at once, one by one, with an output that refuses every other question, and in odd pieces:
    /// the output must be the same each time, and calls come to an end.</summary>
    public static void SameOutputHoweverRun<TIn, TOut>(
        Func<Output<TOut>, StreamOperator<TIn>> create, IReadOnlyList<TIn> input, IReadOnlyList<TOut> expected)
    {
        foreach (int batch in new[] { 1, 3, 7, 1_024 })
        {
            foreach (int outputBatch in new[] { 1, 2, 1_024 })
            {
                Verify(create, input, expected, batch, outputBatch, _ => true);
                Verify(create, input, expected, batch, outputBatch, asked => asked % 2 == 1);
                Verify(create, input, expected, batch, outputBatch, asked => asked % 5 == 4);
            }
        }
    }

    private static void Verify<TIn, TOut>(
        Func<Output<TOut>, StreamOperator<TIn>> create,
        IReadOnlyList<TIn> input,
        IReadOnlyList<TOut> expected,
        int batchSize,
        int outputBatch,
        Func<int, bool> available)
    {
        var output = new TestOutput<TOut>(outputBatch, available);
        using StreamOperator<TIn> step = create(output);
        step.Open(name => new TestRuntimeContext { Operator = name });
        var pool = new BatchPool<TIn>(batchSize, BatchLayout.None, new BatchAccount());
        for (int start = 0; start < input.Count; start += batchSize)
        {
            RecordBatch<TIn> batch = pool.Rent();
            foreach (TIn record in input.Skip(start).Take(batchSize))
            {
                batch.Values[batch.Count++] = record;
            }

            Process(step, batch);
            batch.Release();
        }

        Repeat(() => step.Finish(), "finish");
        step.EndRound();
        string how = $"batches of {batchSize}, output batches of {outputBatch}";
        CollectionAssert.AreEqual(expected.ToArray(), output.Records.ToArray(), how);
        Assert.IsTrue(step.IsFinished, how);
        Assert.AreEqual(1, output.Controls.OfType<EndOfData>().Count(), $"{how}: the end of data passes once");
    }

    private static void Process<TIn>(StreamOperator<TIn> step, RecordBatch<TIn> batch)
    {
        int position = 0;
        Repeat(
            () =>
            {
                int next = step.Process(batch, position, batch.Count);
                Assert.IsTrue(next >= position && next <= batch.Count, $"from {position} to {next} of {batch.Count}");
                position = next;
                return position == batch.Count;
            },
            "process");
    }

    // A call may stop without having finished a record, but not forever.
    private static void Repeat(Func<bool> call, string what)
    {
        for (int calls = 0; !call(); calls++)
        {
            Assert.IsTrue(calls < 100_000, $"{what} makes no progress");
        }
    }
}
