using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Functions;
using Millrace.Operators.Batch;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sorting;

/// <summary>What the verifier finds out of operators that do not keep the contract of batch mode.</summary>
[TestClass]
public sealed class BatchVerifierTests
{
    private static readonly (int Record, long Timestamp)[] Numbers =
        [.. Enumerable.Range(0, 30).Select(i => (i, i * 10L))];

    [TestMethod]
    public void What_keeps_its_contract_passes() => BatchVerifier.Verify(Case(new Fault()));

    [TestMethod]
    public void A_file_that_is_left_behind_is_found() => Found(new Fault { LeavesFile = true }, "left on the disk");

    [TestMethod]
    public void A_batch_that_is_left_behind_is_found() => Found(new Fault { LeavesBatch = true }, "not given back");

    [TestMethod]
    public void An_end_that_never_comes_is_found() => Found(new Fault { NeverEnds = true }, "not come to its end");

    [TestMethod]
    public void A_snapshot_that_is_given_nevertheless_is_found() => Found(new Fault { Saves = true }, "be saved");

    [TestMethod]
    public void A_snapshot_that_is_taken_nevertheless_is_found() => Found(new Fault { Restores = true }, "be restored");

    [TestMethod]
    public void A_refusal_without_a_name_is_found() => Found(new Fault { HidesName = true }, "'test'");

    [TestMethod]
    public void A_watermark_before_the_end_is_found() => Found(new Fault { MakesTime = true }, "watermarks");

    [TestMethod]
    public void What_a_function_keeps_of_other_keys_is_found()
    {
        OperatorContractException error = Assert.ThrowsExactly<OperatorContractException>(
            () => OperatorVerifier.VerifyBatch(
                numbers => numbers.KeyBy(number => number % 7).Process(new Numbering()),
                Numbers,
                [.. Numbers.Select((number, i) => $"{i}: {number.Record}")]));

        StringAssert.Contains(error.Message, "batch mode");
    }

    private static void Found(Fault fault, string what)
    {
        OperatorContractException error = Assert.ThrowsExactly<OperatorContractException>(
            () => BatchVerifier.Verify(Case(fault)));

        StringAssert.Contains(error.Message, what);
    }

    private static BatchCase<int> Case(Fault fault) => new(
        (place, output) => new Gathering(place, output, fault),
        (step, dealer) => new OneBatchInput<int>((StreamOperator<int>)step, Numbers, dealer),
        [.. Numbers.Select(number => number.Record)]);

    /// <summary>What an operator does that it must not do.</summary>
    private sealed record Fault
    {
        public bool LeavesFile { get; init; }

        public bool LeavesBatch { get; init; }

        public bool NeverEnds { get; init; }

        public bool Saves { get; init; }

        public bool Restores { get; init; }

        public bool HidesName { get; init; }

        public bool MakesTime { get; init; }
    }

    /// <summary>Numbers its records over all keys.</summary>
    private sealed class Numbering : KeyedProcessFunction<int, int, string>
    {
        private int _next;

        public override void ProcessElement(int value, Context context, ICollector<string> output) =>
            output.Emit($"{_next++}: {value}");
    }

    /// <summary>Gathers its input, with a file beside it, and gives it on at the end.</summary>
    private sealed class Gathering(BatchPlace place, Output<int> output, Fault fault) : StreamOperator<int>("test")
    {
        private readonly SpillFile _file = place.Space.Create();
        private readonly RecordBatch<int> _batch =
            new BatchPool<int>(Numbers.Length, BatchLayout.None, place.Batches).Rent();

        private int _given;

        public override bool TakesSnapshots => false;

        public override bool CanTake => true;

        public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
        {
            if (!fault.Restores)
            {
                throw SortRefusal.OfRestore(fault.HidesName ? "?" : Name);
            }
        }

        public override FrozenOperator Freeze(in SnapshotOrder order) =>
            fault.Saves ? new FrozenOperator() : throw SortRefusal.OfFreeze(Name);

        public override int Process(RecordBatch<int> batch, int start, int end)
        {
            batch.Records[start..end].CopyTo(_batch.Values.AsSpan(_batch.Count));
            _batch.Count += end - start;
            if (fault.MakesTime && _batch.Count == Numbers.Length)
            {
                output.EmitWatermark(0);
            }

            return end;
        }

        public override bool Advance(long watermark) => true;

        public override void Change(WatermarkStatus status)
        {
        }

        public override bool Finish()
        {
            while (_given < _batch.Count)
            {
                if (!output.IsAvailable)
                {
                    return false;
                }

                output.Room()[0] = _batch[_given++];
                output.TimestampRoom()[0] = RecordBatch.NoTimestamp;
                output.Advance(1);
            }

            if (fault.NeverEnds)
            {
                return false;
            }

            output.EmitWatermark(long.MaxValue);
            output.Emit(EndOfData.Instance);
            return IsFinished = true;
        }

        public override void EndRound() => output.EndRound();

        public override void Dispose()
        {
            output.Dispose();
            if (!fault.LeavesFile)
            {
                _file.Dispose();
            }

            if (!fault.LeavesBatch)
            {
                _batch.Release();
            }
        }
    }
}
