using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Execution.Spilling;
using Millrace.Simulation;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Batch;

/// <summary>One run of an operator as in batch mode. Calls are made as a subtask's loop makes them: no record is
/// offered while the operator cannot take one, at the end of the input it is called again and again, and work that it
/// has begun goes on between calls.</summary>
#pragma warning disable CA1001 // The place to spill to is disposed with the run.
internal sealed class BatchRun<TOut>
#pragma warning restore CA1001
{
    // Between two calls, work that is under way takes fewer steps.
    private const int MostSteps = 4;

    // A call may come to nothing, but not forever.
    private const int MostCalls = 20_000;

    private readonly BatchCase<TOut> _given;
    private readonly BatchWay _way;
    private readonly Random _random;
    private readonly SimulatedExecution _execution;
    private readonly SpillSpace _space;
    private readonly BatchAccount _batches = new();
    private readonly BatchLoop _loop;
    private readonly TestOutput<TOut> _output;
    private bool _timeIsOver;

    public BatchRun(BatchCase<TOut> given, BatchWay way)
    {
        _given = given;
        _way = way;
        _random = new Random(way.Seed);
        _execution = new SimulatedExecution(way.Seed);
        _space = new SpillSpace(
            _execution, new BatchOptions { SpillDirectory = "spill", SortMemoryBytes = way.SortBytes });
        _loop = new BatchLoop(_execution, new RoundClock(new ReadingTime(way.Reading)));
        _output = new TestOutput<TOut>(way.OutputSize, way.Room, hasTimestamps: true);
    }

    /// <summary>Runs a fresh operator to the end of its input, or until it is canceled, and checks what came out, and
    /// that nothing is left of it.</summary>
    /// <returns>The number of calls it took.</returns>
    /// <exception cref="OperatorContractException">Something else came out, or something is left.</exception>
    public int Verify()
    {
        using (_space)
        {
            int calls = Run(out bool isFinished);
            VerifyNothingLeft();
            Require(isFinished || _way.CanceledAfter is not null, "it says it is not finished");
            if (isFinished)
            {
                VerifyOutput();
            }

            return calls;
        }
    }

    /// <summary>Checks that an operator that takes no snapshots says so by its name, and restores none.</summary>
    /// <exception cref="OperatorContractException">It gives one, or takes one, or does not say who it is.</exception>
    public void VerifyRefusals()
    {
        using (_space)
        {
            using StreamOperator step = Create();
            if (step.TakesSnapshots)
            {
                return;
            }

            RequireRefusal<IncompatibleStateException>(step, () => step.Restore([OperatorSnapshot.Empty]), "restored");
            Open(step);
            RequireRefusal<InvalidOperationException>(step, () => step.Snapshot(), "saved");
        }
    }

    private int Run(out bool isFinished)
    {
        int calls = 0;
        StreamOperator step = Create();
        try
        {
            Open(step);
            using IBatchInput input = _given.Offer(step, new BatchDealer(_random, _way.BatchSize, _batches));
            for (isFinished = false; !isFinished && calls != _way.CanceledAfter; calls++)
            {
                Require(calls < MostCalls, $"it has not come to its end after {calls} calls");
                isFinished = RunRound(step, input);
            }
        }
        finally
        {
            step.Dispose();
        }

        return calls;
    }

    // False to be called again.
    private bool RunRound(StreamOperator step, IBatchInput input)
    {
        _loop.BeginRound();
        bool isHeldUp = !Call(step, input);
        step.EndRound();
        if (step.IsFinished)
        {
            return true;
        }

        _loop.Pass(_random.Next(MostSteps), isHeldUp);
        Require(_loop.Failure is null, $"work that it began has failed: {_loop.Failure?.Message}");
        return false;
    }

    private bool Call(StreamOperator step, IBatchInput input)
    {
        if (!input.IsOver)
        {
            if (!step.CanTake)
            {
                return false;
            }

            input.Give();
            return true;
        }

        return _timeIsOver ? input.Finish() : _timeIsOver = input.Advance();
    }

    private void VerifyNothingLeft()
    {
        try
        {
            _loop.End();
        }
        catch (InvalidOperationException exception)
        {
            throw new OperatorContractException($"{_way}", $"work that it began does not end: {exception.Message}");
        }

        Require(_batches.Outstanding == 0, $"{_batches.Outstanding} batches are not given back");
        Require(
            _space.UsedBytes == 0 && _execution.Disk.Paths.Count == 0,
            $"{_space.UsedBytes} bytes and {_execution.Disk.Paths.Count} files are left on the disk");
    }

    private void VerifyOutput()
    {
        Require(
            OperatorRun<TOut, TOut>.SameInAnyOrder(_output.Records, _given.Expected),
            $"it gave {Text(_output.Records)}; {Text(_given.Expected)} is right");
        Require(_output.Controls.OfType<EndOfData>().Count() == 1, "the end of data passes once");
        Require(
            _output.Watermarks is [(long.MaxValue, _)],
            $"watermarks {string.Join(", ", _output.Watermarks)} came out, and not the last one alone");
    }

    private StreamOperator Create() =>
        _given.Create(new BatchPlace(_loop, _space, _batches, _way.BatchSize), _output);

    private void Open(StreamOperator step) =>
        step.Open(name => new TestRuntimeContext(time: _loop.Time) { Operator = name });

    private void RequireRefusal<TException>(StreamOperator step, Action attempt, string what)
        where TException : Exception
    {
        try
        {
            attempt();
        }
        catch (TException refusal)
        {
            Require(
                refusal.Message.Contains($"'{step.Name}'", StringComparison.Ordinal),
                $"it says that it cannot be {what} without saying that it is '{step.Name}': {refusal.Message}");
            return;
        }

        Require(false, $"it takes no snapshots, and yet can be {what}");
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new OperatorContractException($"{_way}", otherwise);
        }
    }

    private static string Text(IReadOnlyList<TOut> values) =>
        $"[{string.Join(", ", values.Take(50))}{(values.Count > 50 ? ", ..." : "")}] of {values.Count}";
}
