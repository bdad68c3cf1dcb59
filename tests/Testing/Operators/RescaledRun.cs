using Millrace.Batches;
using Millrace.Connectors;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators;

/// <summary>Runs a keyed operator whose parallelism changes after each call: all together are as one.</summary>
/// <param name="create">Makes a fresh operator for some key groups.</param>
/// <param name="keyGroup">The key group of a record.</param>
/// <param name="keyGroups">Number of key groups.</param>
internal sealed class RescaledRun<TIn, TOut>(
    Func<KeyGroupRange, Output<TOut>, StreamOperator<TIn>> create, Func<TIn, int> keyGroup, int keyGroups)
    : IDisposable
{
    private const int MostCalls = 100_000;

    private static readonly int[] Parallelism = [1, 2, 3, 1, 3, 2];

    private readonly List<StreamOperator<TIn>> _subtasks = [];
    private readonly List<TestOutput<TOut>> _outputs = [];
    private readonly BatchPool<TIn> _pool = new(1, BatchLayout.Timestamps, new BatchAccount());
    private int _changes;
    private int _asked;

    /// <summary>Runs the operators over records with timestamps.</summary>
    /// <param name="input">Records, each with its time.</param>
    /// <param name="watermarks">The watermark behind each of them, or <see cref="RecordBatch.NoWatermark"/>.</param>
    /// <returns>What came out, in no particular order.</returns>
    /// <exception cref="OperatorContractException">It makes no progress, or does not end.</exception>
    public List<TOut> Run(IReadOnlyList<(TIn Record, long Timestamp)> input, IReadOnlyList<long> watermarks)
    {
        List<TOut> results = [];
        Begin([]);
        for (int i = 0; i < input.Count; i++)
        {
            Process(input[i].Record, input[i].Timestamp, results);
            if (watermarks[i] != RecordBatch.NoWatermark)
            {
                All(step => step.Advance(watermarks[i]), results);
            }
        }

        All(step => step.Advance(long.MaxValue), results);
        All(step => step.IsFinished || step.Finish(), results);
        Collect(results);
        return results;
    }

    public void Dispose()
    {
        _subtasks.ForEach(step => step.Dispose());
        _subtasks.Clear();
    }

    private void Process(TIn record, long timestamp, List<TOut> results)
    {
        RecordBatch<TIn> batch = _pool.Rent();
        batch.Values[0] = record;
        batch.Timestamps![0] = timestamp;
        batch.Count = 1;
        for (int calls = 0; Owner(record).Process(batch, 0, 1) == 0; calls++)
        {
            RequireProgress(calls);
            Rescale(results);
        }

        batch.Release();
        Rescale(results);
    }

    // What one of them has not finished, all begin again after the change: what was done is part of the snapshots.
    private void All(Func<StreamOperator<TIn>, bool> call, List<TOut> results)
    {
        for (int calls = 0; ; calls++)
        {
            RequireProgress(calls);
            bool done = true;
            _subtasks.ForEach(step => done &= call(step));
            if (_subtasks.TrueForAll(step => step.IsFinished))
            {
                return;
            }

            Rescale(results);
            if (done)
            {
                return;
            }
        }
    }

    private StreamOperator<TIn> Owner(TIn record)
    {
        int parallelism = _subtasks.Count;
        return _subtasks.Where((_, i) =>
            KeyGroupAssignment.RangeOf(keyGroups, parallelism, i).Contains(keyGroup(record))).Single();
    }

    private void Rescale(List<TOut> results)
    {
        if (!_subtasks.TrueForAll(step => !step.IsFinished && step.PrepareSnapshot()))
        {
            return;
        }

        _subtasks.ForEach(step => step.EndRound());
        OperatorSnapshot[] snapshots = [.. _subtasks.Select(step => step.Snapshot())];
        Collect(results);
        _changes++;
        Begin(snapshots);
    }

    private void Collect(List<TOut> results)
    {
        _subtasks.ForEach(step => step.EndRound());
        _outputs.ForEach(output => results.AddRange(output.Records));
        Dispose();
    }

    private void Begin(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        int parallelism = Parallelism[_changes % Parallelism.Length];
        _outputs.Clear();
        for (int i = 0; i < parallelism; i++)
        {
            var output = new TestOutput<TOut>(2, _ => HasRoom(), hasTimestamps: true);
            StreamOperator<TIn> step = create(KeyGroupAssignment.RangeOf(keyGroups, parallelism, i), output);
            _outputs.Add(output);
            _subtasks.Add(step);
            if (snapshots.Count > 0)
            {
                step.Restore(snapshots);
            }

            int subtask = i;
            step.Open(name => new TestRuntimeContext(subtask, parallelism) { Operator = name });
        }
    }

    private bool HasRoom() => OperatorVerifier.IsOddHash(_asked++);

    private static void RequireProgress(int calls)
    {
        if (calls >= MostCalls)
        {
            throw new OperatorContractException("rescaled after each call", "it makes no progress");
        }
    }
}
