using Millrace.Connectors;
using Millrace.Measuring;

namespace Millrace.Running;

/// <summary>Adds up a number of each record, in a loop over each batch, and keeps the total.</summary>
internal sealed class SumSink<T, TNumber>(Total total) : Sink<T>
    where TNumber : struct, INumberOf<T>
{
    /// <summary>Counts the processor time from the first batch on; null to count none.</summary>
    public BatchMeter? Meter { get; init; }

    public override string Name => "Sum";

    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) => new Writer(total, Meter);

    private sealed class Writer(Total total, BatchMeter? meter) : ISinkWriter<T>
    {
        private long _sum;
        private bool _hasBegun;

        public int Write(ReadOnlySpan<T> records)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                meter?.Begin();
            }

            long sum = 0;
            for (int i = 0; i < records.Length; i++)
            {
                sum += default(TNumber).Of(in records[i]);
            }

            _sum += sum;
            return records.Length;
        }

        public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken)
        {
            total.Add(_sum);
            meter?.End();
            return ValueTask.FromResult<IReadOnlyList<byte[]>>([]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Takes the number out of a record.</summary>
internal interface INumberOf<T>
{
    long Of(in T record);
}

/// <summary>What a run adds up to, so that both sides can be compared.</summary>
internal sealed class Total
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    /// <summary>The sample, if its run came to what is right.</summary>
    public static Sample Check(Sample sample, long sum, long expected) => sum == expected
        ? sample
        : throw new InvalidOperationException($"The run adds up to {sum}; {expected} is right.");

    public void Add(long value) => Interlocked.Add(ref _value, value);
}
