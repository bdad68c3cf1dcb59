namespace Millrace.Connectors.Datagen;

/// <summary>Reads number ranges.</summary>
internal sealed class NumberSource(long from, long to) : Source<long, NumberRange>
{
    /// <summary>Ranges per reading subtask: more, and the last ones even out.</summary>
    private const int RangesPerSubtask = 4;

    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => "Numbers";

    public override ISplitEnumerator<NumberRange> CreateEnumerator(SplitEnumeratorContext context) =>
        new Ranges(from, to, context.Parallelism, null);

    public override ISplitEnumerator<NumberRange> RestoreEnumerator(SplitEnumeratorContext context, byte[] snapshot) =>
        new Ranges(from, to, context.Parallelism, snapshot);

    public override ISourceReader<long, NumberRange> CreateReader(SourceReaderContext context) => new NumberReader();

    private sealed class Ranges(long from, long to, int parallelism, byte[]? snapshot)
        : SplitQueue<NumberRange>(snapshot)
    {
        protected override ValueTask<IReadOnlyList<NumberRange>> FindAsync(CancellationToken cancellationToken)
        {
            // Up to 2 to the 64th numbers, so they are counted in 128 bits.
            Int128 count = (Int128)to - from + 1;
            int pieces = (int)Int128.Clamp(count, 0, (Int128)parallelism * RangesPerSubtask);
            NumberRange[] ranges = new NumberRange[pieces];
            for (int i = 0; i < pieces; i++)
            {
                ranges[i] = new NumberRange((long)FirstOf(i), (long)(FirstOf(i + 1) - 1));
            }

            return new(ranges);

            Int128 FirstOf(int piece) => from + (count * piece / pieces);
        }
    }
}
