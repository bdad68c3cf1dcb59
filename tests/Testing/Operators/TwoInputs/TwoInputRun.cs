using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Operators.Connected;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.TwoInputs;

/// <summary>One way of running an operator with two inputs.</summary>
/// <param name="given">The operator, and what it takes and must give.</param>
/// <param name="seed">Of the interleaving.</param>
/// <param name="together">Whether records that come together come in one batch, or in one each.</param>
/// <param name="room">Whether an output has room, by the number of times it was asked before.</param>
/// <param name="restarts">What becomes of the operator between two steps.</param>
internal sealed class TwoInputRun<TLeft, TRight, TOut>(
    TwoInputCase<TLeft, TRight, TOut> given, int seed, bool together, Func<int, bool> room, Restarts restarts)
{
    private const int MostCalls = 100_000;
    private const int MostTogether = 7;

    private static readonly int[] Parallelisms = [1, 3, 2];

    private readonly Random _random = new(seed);
    private readonly List<TOut> _results = [];
    private readonly List<TwoInputStep<TLeft, TRight>> _steps = [];
    private readonly BatchPool<TLeft> _lefts = new(MostTogether, BatchLayout.Timestamps, new BatchAccount());
    private readonly BatchPool<TRight> _rights = new(MostTogether, BatchLayout.Timestamps, new BatchAccount());
    private List<Subtask> _subtasks = [];
    private long _watermark = long.MinValue;
    private int _rounds;
    private LateSnapshots? _late;

    private string How => $"interleaving {seed}, {(together ? "in batches" : "one by one")}, restarts: {restarts}";

    /// <summary>Runs it to the end of both inputs, and checks what comes out.</summary>
    /// <returns>The results, in order.</returns>
    public IReadOnlyList<TOut> Verify()
    {
        _subtasks = Subtasks(1, null);
        int left = 0;
        int right = 0;
        while (left < given.Left.Count || right < given.Right.Count)
        {
            int count = _random.Next(1, MostTogether + 1);
            bool takesLeft = right == given.Right.Count || (left < given.Left.Count && _random.Next(2) == 0);
            if (takesLeft)
            {
                _steps.AddRange(given.Left.Skip(left).Take(count)
                    .Select(record => new TwoInputStep<TLeft, TRight>(0, record.Value, default, record.Time)));
                left += Take(_lefts, given.Left, left, count, value => given.LeftHash(value), (step, batch, at) =>
                    step.ProcessLeft(batch, at, batch.Count));
            }
            else
            {
                _steps.AddRange(given.Right.Skip(right).Take(count)
                    .Select(record => new TwoInputStep<TLeft, TRight>(1, default, record.Value, record.Time)));
                right += Take(_rights, given.Right, right, count, RightHash, (step, batch, at) =>
                    step.ProcessRight(batch, at, batch.Count));
            }

            AdvanceAtRandom(left, right);
            Restart();
        }

        End();
        _late?.WriteAll();
        IReadOnlyList<TOut> expected = given.Model?.Invoke(_steps) ?? given.Expected;
        Require(
            Sorted(_results).SequenceEqual(Sorted(expected)),
            $"it gave {_results.Count} results, {Text(_results)}; {expected.Count} are right, {Text(expected)}");
        return _results;
    }

    private int Take<T>(
        BatchPool<T> pool,
        IReadOnlyList<(T Value, long Time)> input,
        int first,
        int most,
        Func<T, ulong?> hashOf,
        Func<TwoInputOperator<TLeft, TRight>, RecordBatch<T>, int, int> process)
    {
        int count = Math.Min(most, input.Count - first);
        int size = together ? count : 1;
        for (int start = first; start < first + count; start += size)
        {
            foreach (Subtask subtask in _subtasks)
            {
                RecordBatch<T> batch = pool.Rent();
                foreach ((T value, long time) in input.Skip(start).Take(size))
                {
                    if (hashOf(value) is not ulong hash || subtask.Owns(hash))
                    {
                        batch.Values[batch.Count] = value;
                        batch.Timestamps![batch.Count++] = time;
                    }
                }

                int at = 0;
                Repeat(() => at == batch.Count || (at = process(subtask.Step, batch, at)) == batch.Count);
                batch.Release();
            }
        }

        _subtasks.ForEach(subtask => subtask.Step.EndRound());
        return count;
    }

    // Null for a record of which every subtask gets one.
    private ulong? RightHash(TRight record) => given.IsRightBroadcast ? null : given.RightHash(record);

    private void AdvanceAtRandom(int left, int right)
    {
        if (_random.Next(3) == 0)
        {
            return;
        }

        long least = given.Left.Skip(left).Select(record => record.Time)
            .Concat(given.Right.Skip(right).Select(record => record.Time))
            .DefaultIfEmpty(_watermark + 1).Min();
        long watermark = least - 1 - _random.Next(4);
        if (watermark > _watermark)
        {
            Advance(watermark);
        }
    }

    private void Advance(long watermark)
    {
        _watermark = watermark;
        _steps.Add(new TwoInputStep<TLeft, TRight>(2, default, default, watermark));
        foreach (Subtask subtask in _subtasks)
        {
            Repeat(() => subtask.Step.Advance(watermark));
            subtask.Step.EndRound();
        }
    }

    private void Restart()
    {
        if (restarts == Restarts.None)
        {
            return;
        }

        if (restarts == Restarts.Late)
        {
            _late ??= new LateSnapshots(How);
            _subtasks.ForEach(subtask => _late.Take(subtask.Step));
            return;
        }

        _rounds++;
        OperatorSnapshot[] saved = [.. _subtasks.Select(subtask => subtask.Step.Snapshot())];
        Collect();
        _subtasks = Subtasks(restarts == Restarts.EachStep ? 1 : Parallelisms[_rounds % Parallelisms.Length], saved);
    }

    private void End()
    {
        Advance(long.MaxValue);
        if (given.LeavesNothing)
        {
            foreach (Subtask subtask in _subtasks)
            {
                using TwoInputOperator<TLeft, TRight> fresh = Create(subtask.Range, new TestOutput<TOut>(
                    1, _ => true, hasTimestamps: true));
                Require(
                    subtask.Step.Snapshot().Keyed.Bytes.Span.SequenceEqual(fresh.Snapshot().Keyed.Bytes.Span),
                    "something is kept at the end of time");
            }
        }

        _subtasks.ForEach(subtask => Repeat(subtask.Step.Finish));
        Require(_subtasks.TrueForAll(subtask => subtask.Step.IsFinished), "it says it is not finished");
        Collect();
    }

    private void Collect()
    {
        foreach (Subtask subtask in _subtasks)
        {
            subtask.Step.EndRound();
            TestOutput<TOut> output = subtask.Output;
            for (int i = 0; i < output.Records.Count && given.TimeOf is { } timeOf; i++)
            {
                Require(
                    output.Timestamps[i] == timeOf(output.Records[i]),
                    $"result {output.Records[i]} has the time {output.Timestamps[i]}");
            }

            foreach ((long watermark, int before) in output.Watermarks)
            {
                Require(
                    output.Timestamps.Skip(before).All(time => time > watermark || time == RecordBatch.NoTimestamp),
                    $"a result comes behind watermark {watermark} and has an earlier time");
            }

            _results.AddRange(output.Records);
            subtask.Step.Dispose();
        }
    }

    private List<Subtask> Subtasks(int parallelism, IReadOnlyList<OperatorSnapshot>? restored)
    {
        List<Subtask> subtasks = [];
        for (int i = 0; i < parallelism; i++)
        {
            KeyGroupRange range = KeyGroupAssignment.RangeOf(TwoInputVerifier.KeyGroups, parallelism, i);
            var output = new TestOutput<TOut>(together ? 3 : 1, room, hasTimestamps: true);
            subtasks.Add(new Subtask(Create(range, output, restored, i, parallelism), output, range));
        }

        return subtasks;
    }

    private TwoInputOperator<TLeft, TRight> Create(
        KeyGroupRange range,
        TestOutput<TOut> output,
        IReadOnlyList<OperatorSnapshot>? restored = null,
        int subtask = 0,
        int parallelism = 1)
    {
        TwoInputOperator<TLeft, TRight> step = given.Create(output, range);
        if (restored is not null)
        {
            step.Restore(restored);
        }

        step.Open(name => new TestRuntimeContext(subtask, parallelism) { Operator = name });
        return step;
    }

    private void Repeat(Func<bool> call)
    {
        for (int calls = 0; !call(); calls++)
        {
            Require(calls < MostCalls, "it makes no progress");
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new OperatorContractException(How, otherwise);
        }
    }

    private static IEnumerable<string> Sorted(IEnumerable<TOut> values) =>
        values.Select(value => $"{value}").Order(StringComparer.Ordinal);

    private static string Text(IEnumerable<TOut> values) => $"[{string.Join(", ", Sorted(values).Take(40))}]";

    private sealed record Subtask(
        TwoInputOperator<TLeft, TRight> Step, TestOutput<TOut> Output, KeyGroupRange Range)
    {
        public bool Owns(ulong hash) =>
            Range.Contains(KeyGroupAssignment.KeyGroupOf(hash, TwoInputVerifier.KeyGroups));
    }
}
