using Millrace.State.Snapshots;

namespace Millrace.Operators;

/// <summary>Takes what an operator keeps at a cut, lets it go on, and writes only then what it kept: that must be what
/// would have been written at the cut.</summary>
/// <param name="how">The way the operator is run, for errors.</param>
internal sealed class LateSnapshots(string how)
{
    // As many are there at once, and as many calls later each is written.
    private const int Calls = 3;

    // Now and then one is given up, as by a checkpoint that has failed.
    private const int GivenUp = 5;

    private readonly Queue<(FrozenOperator Frozen, OperatorSnapshot AtOnce)> _open = [];
    private int _taken;

    /// <summary>Between two calls of an operator that can be saved.</summary>
    /// <exception cref="OperatorContractException">What was kept at an earlier cut has changed since.</exception>
    public void Take(StreamOperator step)
    {
        FrozenOperator frozen = step.Freeze(SnapshotOrder.Everything);
        _open.Enqueue((frozen, step.Snapshot()));
        if (_taken++ % GivenUp == GivenUp - 1)
        {
            _open.Dequeue().Frozen.Dispose();
        }

        while (_open.Count > Calls)
        {
            WriteOldest();
        }
    }

    /// <summary>The run is over.</summary>
    /// <exception cref="OperatorContractException">What was kept at an earlier cut has changed since.</exception>
    public void WriteAll()
    {
        while (_open.Count > 0)
        {
            WriteOldest();
        }
    }

    private void WriteOldest()
    {
        (FrozenOperator frozen, OperatorSnapshot atOnce) = _open.Dequeue();
        OperatorSnapshot late = frozen.ToSnapshot();
        bool isSame = late.Keyed.Bytes.Span.SequenceEqual(atOnce.Keyed.Bytes.Span)
            && late.Unkeyed.Span.SequenceEqual(atOnce.Unkeyed.Span)
            && late.Watermark == atOnce.Watermark
            && late.Items.Values.Zip(atOnce.Items.Values).All(pair => pair.First.SequenceEqual(pair.Second));
        if (!isSame)
        {
            throw new OperatorContractException(
                how,
                $"what it kept at a cut, {Text(atOnce)}, is {Text(late)} when it is written some calls later");
        }
    }

    private static string Text(OperatorSnapshot snapshot) =>
        $"{Convert.ToHexString(snapshot.Keyed.Bytes.Span)}/{Convert.ToHexString(snapshot.Unkeyed.Span)}";
}
