using System.Globalization;
using System.Threading.Channels;
using Millrace.Functions;
using Millrace.Programs;

namespace Millrace.Connectors.Files;

/// <summary>Writers and readers with their work on real threads: what one wrote, another reads.</summary>
[TestClass]
public sealed class FileRoundTripTests
{
    private const int Records = 200_000;

    [TestMethod]
    public async Task What_was_written_is_read_whatever_the_threads_do()
    {
        using TemporaryDirectory directory = new();
        FileSink files = FileSink.Text(directory.FullPath, options => options.BufferBytes = 3_000);
        SinkRun<int> run = new(files.For<int>());
        await run.PrepareAsync();
        await run.CommitAsync(await WriteAsync(files.For<int>()));

        List<int> read = await ReadAsync(FileSource.ReadLines(directory.FullPath, options =>
        {
            options.ChunkBytes = 5_000;
            options.SplitBytes = 70_000;
        }));

        CollectionAssert.AreEqual(Enumerable.Range(0, Records).ToArray(), read);
    }

    private static async Task<IReadOnlyList<byte[]>> WriteAsync(Sink<int> sink)
    {
        PoolSinkContext context = new();
        await using ISinkWriter<int> writer = sink.CreateWriter(context);
        int[] records = [.. Enumerable.Range(0, Records)];
        int taken = 0;
        while (taken < records.Length)
        {
            int offered = Math.Min(1_000, records.Length - taken);
            int more = writer.Write(records.AsSpan(taken, offered));
            taken += more;
            if (more < offered)
            {
                await context.Loop.WaitAsync();
            }
        }

        return await writer.FinishAsync(CancellationToken.None);
    }

    private static async Task<List<int>> ReadAsync(Source<string, FileSplit> source)
    {
        PoolSourceContext context = new();
        await using ISplitEnumerator<FileSplit> splits =
            source.CreateEnumerator(new SplitEnumeratorContext(new string('1', 32), 1, TimeProvider.System));
        await splits.StartAsync(CancellationToken.None);
        await using ISourceReader<string, FileSplit> reader = source.CreateReader(context);
        List<int> read = [];
        string[] values = new string[100];
        while (true)
        {
            switch (ReadBatch())
            {
                case ReadStatus.NothingNow:
                    await context.Loop.WaitAsync();
                    break;
                case ReadStatus.NeedSplit:
                    SplitAssignment<FileSplit> answer = await splits.NextAsync(0, CancellationToken.None);
                    if (answer.Kind == SplitAssignmentKind.Assigned)
                    {
                        reader.AddSplit(answer.Split!);
                    }
                    else
                    {
                        reader.NoMoreSplits();
                    }

                    break;
                case ReadStatus.EndOfInput:
                    return read;
                default:
                    break;
            }
        }

        ReadStatus ReadBatch()
        {
            SourceBatch<string> batch = new(values);
            ReadStatus status = reader.Read(ref batch);
            for (int i = 0; i < batch.Count; i++)
            {
                read.Add(int.Parse(values[i], CultureInfo.InvariantCulture));
            }

            return status;
        }
    }

    /// <summary>A loop that is asleep until it is woken, and work on the pool that wakes it.</summary>
    private sealed class PoolLoop
    {
        private readonly Channel<bool> _wakes = Channel.CreateUnbounded<bool>();

        public void Wake() => _wakes.Writer.TryWrite(true);

        public void Run(Func<CancellationToken, ValueTask> work) => _ = Task.Run(async () =>
        {
            await work(CancellationToken.None);
            Wake();
        });

        // Times out when the loop sleeps and nobody wakes it.
        public async Task WaitAsync() => await _wakes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class PoolSinkContext : SinkWriterContext
    {
        public PoolLoop Loop { get; } = new();

        public override RuntimeContext Runtime { get; } = new TestRuntimeContext();

        public override void Wake() => Loop.Wake();

        public override void WakeAfter(TimeSpan delay) => throw new NotSupportedException();

        public override void Run(Func<CancellationToken, ValueTask> work) => Loop.Run(work);

        public override void ReturnToClient(string name, byte[] bytes) => throw new NotSupportedException();
    }

    private sealed class PoolSourceContext : SourceReaderContext
    {
        public PoolLoop Loop { get; } = new();

        public override int SubtaskIndex => 0;

        public override int Parallelism => 1;

        public override JobArguments Arguments => JobArguments.Empty;

        public override TimeProvider Time => TimeProvider.System;

        public override CancellationToken CancellationToken => CancellationToken.None;

        public override void Wake() => Loop.Wake();

        public override void WakeAfter(TimeSpan delay) => throw new NotSupportedException();

        public override void Run(Func<CancellationToken, ValueTask> work) => Loop.Run(work);

        public override void RunBlocking(string name, Action<CancellationToken> work) =>
            throw new NotSupportedException();
    }
}
