using Millrace.Batches;
using Millrace.Connectors;
using Millrace.State.Snapshots;

namespace Millrace.Operators;

/// <summary>One way of running an operator.</summary>
/// <param name="given">The operator, and what it takes and must give.</param>
/// <param name="batchSize">Records of a batch that comes in.</param>
/// <param name="outputSize">Records of a batch that goes out.</param>
/// <param name="available">Whether the output has room, by the number of times it was asked before.</param>
/// <param name="restarts">What becomes of the operator after each call.</param>
#pragma warning disable CA1001 // The operator owns its output, and gives it back.
internal sealed class OperatorRun<TIn, TOut>(
    OperatorCase<TIn, TOut> given,
    int batchSize,
    int outputSize,
    Func<int, bool> available,
    Restarts restarts = Restarts.None)
#pragma warning restore CA1001
{
    // A call may stop without having finished a record, but not forever.
    private const int MostCalls = 100_000;

    private TestOutput<TOut> _output = new(
        outputSize, available, hasTimestamps: given.Timestamps is not null);

    private StreamOperator<TIn>? _step;
    private readonly Random _random = new(batchSize);
    private readonly long[] _leastFrom = LeastFrom(given.Timestamps ?? []);
    private readonly List<long> _originTimestamps = [];
    private long _watermark = RecordBatch.NoWatermark;
    private LateSnapshots? _late;

    private string How => $"batches of {batchSize}, output batches of {outputSize}, "
        + $"{(given.Timestamps is null ? "without" : "with")} timestamps"
        + $", restarts: {restarts}";

    private StreamOperator<TIn> Step =>
        _step ?? throw new InvalidOperationException("The operator is used before the run begins.");

    /// <summary>Runs a fresh operator over the input and checks what comes out.</summary>
    public void Verify()
    {
        try
        {
            RunAndVerify();
        }
        finally
        {
            _step?.Dispose();
        }
    }

    private void RunAndVerify()
    {
        Begin([]);
        BatchLayout layout = given.Timestamps is null ? BatchLayout.None : BatchLayout.Timestamps;
        var pool = new BatchPool<TIn>(batchSize, layout, new BatchAccount());
        for (int start = 0; start < given.Input.Count; start += batchSize)
        {
            Take(pool, start, Math.Min(start + batchSize, given.Input.Count));
        }

        if (given.Timestamps is not null)
        {
            Advance(long.MaxValue);
        }

        Renew();
        Repeat(() => Step.Finish(), "finish");
        Step.EndRound();
        NoteOrigin(RecordBatch.NoTimestamp);
        _late?.WriteAll();
        VerifyOutput(Step);
    }

    /// <summary>Whether two lists hold the same records, each as often.</summary>
    public static bool SameInAnyOrder(IReadOnlyList<TOut> left, IReadOnlyList<TOut> right) =>
        left.CountBy(record => ValueTuple.Create(record)).ToHashSet()
            .SetEquals(right.CountBy(record => ValueTuple.Create(record)));

    /// <summary>Checks that each result has the timestamp it had in another run.</summary>
    public void VerifySameTimestamps(OperatorRun<TIn, TOut> other)
    {
        Require(
            _output.Timestamps.SequenceEqual(other._output.Timestamps),
            $"the timestamps of the results are {Text(_output.Timestamps)}, one by one they are " +
            $"{Text(other._output.Timestamps)}");
    }

    private void Take(BatchPool<TIn> pool, int start, int end)
    {
        RecordBatch<TIn> batch = pool.Rent();
        for (int i = start; i < end; i++)
        {
            batch.Values[i - start] = given.Input[i];
            if (batch.Timestamps is long[] timestamps)
            {
                timestamps[i - start] = given.Timestamps![i];
            }
        }

        batch.Count = end - start;
        Process(batch);
        batch.Release();
        Step.EndRound();
        NoteOrigin(given.Timestamps is null ? RecordBatch.NoTimestamp : given.Timestamps[start]);
        AdvanceAtRandom(end);
    }

    // With one record a batch, all results there are now come from it or from those before.
    private void NoteOrigin(long timestamp)
    {
        while (batchSize == 1 && _originTimestamps.Count < _output.Records.Count)
        {
            _originTimestamps.Add(timestamp);
        }
    }

    // As far as the records that follow allow, or less.
    private void AdvanceAtRandom(int next)
    {
        if (given.Timestamps is null || next == given.Input.Count || _random.Next(3) == 0)
        {
            return;
        }

        long watermark = _leastFrom[next] - 1 - _random.Next(5);
        if (watermark > _watermark)
        {
            Advance(watermark);
        }
    }

    private void Advance(long watermark)
    {
        _watermark = watermark;
        Repeat(() => Step.Advance(watermark), "advance");
        Step.EndRound();
        Require(
            given.MakesTime || _output.Watermarks is [.., var last] && last.Watermark == watermark,
            $"watermark {watermark} has not come out at the end of the round");
        Renew();
    }

    private void Process(RecordBatch<TIn> batch)
    {
        int position = 0;
        Repeat(
            () =>
            {
                int next = Step.Process(batch, position, batch.Count);
                Require(next >= position && next <= batch.Count, $"from {position} to {next} of {batch.Count}");
                position = next;
                return position == batch.Count;
            },
            "process");
        Renew();
    }

    private void VerifyOutput(StreamOperator<TIn> step)
    {
        Require(
            given.IsInAnyOrder || (given.AnyOrder && restarts == Restarts.EachStep)
                ? SameInAnyOrder(_output.Records, given.Expected)
                : _output.Records.SequenceEqual(given.Expected),
            $"it gave {Text(_output.Records)}; {Text(given.Expected)} is right");
        Require(step.IsFinished, "it says it is not finished");
        Require(_output.Controls.OfType<EndOfData>().Count() == 1, "the end of data passes once");
        if (given.Timestamps is not null)
        {
            VerifyTime();
        }
    }

    private void VerifyTime()
    {
        Require(
            _output.Timestamps.Count == _output.Records.Count,
            $"{_output.Timestamps.Count} timestamps of {_output.Records.Count} records");
        Require(
            batchSize > 1 || given.MakesTime || _output.Timestamps.SequenceEqual(_originTimestamps),
            $"timestamps {Text(_output.Timestamps)}; the records they come from have {Text(_originTimestamps)}");
        long last = RecordBatch.NoWatermark;
        foreach ((long watermark, int before) in _output.Watermarks)
        {
            Require(watermark > last, $"watermark {watermark} comes behind {last}");
            last = watermark;
            long[] late =
            [
                .. _output.Timestamps.Skip(before)
                    .Where(timestamp => timestamp <= watermark && timestamp != RecordBatch.NoTimestamp),
            ];
            Require(late.Length == 0, $"records with timestamps {Text(late)} come behind watermark {watermark}");
        }

        Require(last == long.MaxValue, $"the last watermark is {last}");
    }


    private void Begin(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        _step = given.Create(_output);
        if (snapshots.Count > 0)
        {
            _step.Restore(snapshots);
        }

        _step.Open(name => new TestRuntimeContext { Operator = name });
    }

    // What an operator keeps in its fields dies with it here; what it handed on lives.
    private void Renew()
    {
        if (restarts == Restarts.None || Step.IsFinished || !Step.PrepareSnapshot())
        {
            return;
        }

        Step.EndRound();
        if (restarts == Restarts.Late)
        {
            _late ??= new LateSnapshots(How);
            _late.Take(Step);
            return;
        }

        OperatorSnapshot snapshot = Step.Snapshot();
        Step.Dispose();
        _step = null;
        _output = new TestOutput<TOut>(
            outputSize, available, hasTimestamps: given.Timestamps is not null, before: _output);
        Begin([snapshot]);
    }

    private void Repeat(Func<bool> call, string what)
    {
        for (int calls = 0; !call(); calls++)
        {
            Require(calls < MostCalls, $"{what} makes no progress");
            Renew();
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new OperatorContractException(How, otherwise);
        }
    }

    private static string Text<T>(IReadOnlyList<T> values) =>
        $"[{string.Join(", ", values.Take(50))}{(values.Count > 50 ? ", ..." : "")}] of {values.Count}";

    private static long[] LeastFrom(long[] timestamps)
    {
        long[] least = [.. timestamps];
        for (int i = least.Length - 2; i >= 0; i--)
        {
            least[i] = Math.Min(least[i], least[i + 1]);
        }

        return least;
    }
}
