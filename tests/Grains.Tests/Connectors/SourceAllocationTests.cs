using Millrace.Connectors.Datagen;
using Millrace.Connectors.Hybrid;

namespace Millrace.Connectors;

/// <summary>Sources whose records need no memory of their own allocate none, once they run.</summary>
[TestClass]
public sealed class SourceAllocationTests
{
    private const int Batches = 200;

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1_024)]
    public async Task Nothing_is_allocated_for_a_record(int batchSize)
    {
        await VerifyAsync(NumberSequence.Source(0, long.MaxValue), batchSize);
        await VerifyAsync(NumberSequence.Source(0, long.MaxValue).WithRateLimit(1e15), batchSize);
        await VerifyAsync(DataGenerator.Source(index => (index, index * 2)), batchSize);
        await VerifyAsync(DataGenerator.Source(index => index, count: null, recordsPerSecond: 1e15), batchSize);
        await VerifyAsync(
            HybridSource.Of(NumberSequence.Source(1, 3)).Then(NumberSequence.Source(0, long.MaxValue)), batchSize);
    }

    private static async Task VerifyAsync<T, TSplit>(Source<T, TSplit> source, int batchSize)
    {
        await using ISplitEnumerator<TSplit> enumerator =
            source.CreateEnumerator(new SplitEnumeratorContext(new string('1', 32), 1, TimeProvider.System));
        await enumerator.StartAsync(CancellationToken.None);
        await using ISourceReader<T, TSplit> reader = source.CreateReader(new TestSourceReaderContext());
        while (await enumerator.NextAsync(0, CancellationToken.None)
            is { Kind: not SplitAssignmentKind.NoMore } next)
        {
            if (next.Kind == SplitAssignmentKind.Assigned)
            {
                reader.AddSplit(next.Split!);
            }
        }

        T[] room = new T[batchSize];
        long[] timestamps = new long[batchSize];
        Read(reader, room, timestamps);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = Read(reader, room, timestamps);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before, source.Name);
        Assert.IsGreaterThanOrEqualTo(Batches, read, source.Name);
    }

    private static int Read<T, TSplit>(ISourceReader<T, TSplit> reader, T[] room, long[] timestamps)
    {
        int read = 0;
        for (int i = 0; i < Batches; i++)
        {
            SourceBatch<T> batch = new(room, timestamps, canBorrow: true);
            reader.Read(ref batch);
            read += batch.Count;
        }

        return read;
    }
}
