using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.Connectors.Hybrid;
using Millrace.Connectors.Sockets;
using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>Filter, map, sum behind each built-in source on one core, against the same loop written by hand over the
/// same input.</summary>
internal static class SourceContests
{
    // 16 MB, the most that may travel with a plan.
    private const int Elements = 2_000_000;
    private const int ElementRuns = 10;
    private const int Numbers = 50_000_000;
    private const int Lines = 1_000_000;

    private static readonly long[] Given = [.. Enumerable.Range(0, Elements).Select(i => (long)i)];
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, Lines).Select(i => $"line {i:0000000} of a file, with some text\n")));

    private static readonly Func<long, bool> Keep = number => (number & 3) != 0;
    private static readonly Func<long, long> Double = number => number * 2;
    private static readonly Func<long, Event> Make = index => new Event(index, index, index, index * 7);
    private static readonly Func<string, bool> KeepLine = line => (line[11] & 3) != 0;
    private static readonly Func<string, long> LengthOf = line => line.Length;

    public static IEnumerable<Benchmark> All() =>
    [
        new Contest("source-collection", "records", null, Collection, HandCollection),
        new Contest("source-sequence", "records", null, () => Of(Sequence(0, Numbers - 1)), HandNumbers),
        new Contest("source-hybrid", "records", null, () => Of(Hybrid()), HandNumbers),
        new Contest("source-rate-limited", "records", null, () => Of(Limited()), HandNumbers),
        new Contest("source-generator", "records", null, Generator, HandGenerator),
        new Contest("source-lines", "lines", null, FileLines, HandFileLines),
        new Contest("source-socket", "lines", null, SocketLines, HandSocketLines),
    ];

    private static Source<long, NumberRange> Sequence(long from, long to) => NumberSequence.Source(from, to);

    private static HybridSource<long> Hybrid() =>
        HybridSource.Of(Sequence(0, (Numbers / 2) - 1)).Then(Sequence(Numbers / 2, Numbers - 1));

    private static Source<long, NumberRange> Limited() => Sequence(0, Numbers - 1).WithRateLimit(1e12);

    private static Sample Of<TSplit>(Source<long, TSplit> source)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of(Numbers, () => local.Run(env => env
            .FromSource(new WholeSource<long, TSplit>(source))
            .Filter(Keep)
            .Map(Double)
            .SinkTo(new SumSink<long, Itself>(total))));
        return Total.Check(sample, total.Value, ExpectedOf(Numbers));
    }

    private static Sample HandNumbers()
    {
        long sum = 0;
        Sample sample = Sample.Of(Numbers, () =>
        {
            for (long number = 0; number < Numbers; number++)
            {
                if (Keep(number))
                {
                    sum += Double(number);
                }
            }
        });
        return Total.Check(sample, sum, ExpectedOf(Numbers));
    }

    // From the first batch to the last: putting the records into the plan is another matter.
    private static Sample Collection()
    {
        var total = new Total();
        var meter = new BatchMeter();
        using var local = new LocalRun(workers: 1);
        for (int run = 0; run < ElementRuns; run++)
        {
            local.Run(env => env
                .FromCollection(Given)
                .Filter(Keep)
                .Map(Double)
                .SinkTo(new SumSink<long, Itself>(total) { Meter = meter }));
        }

        var sample = new Sample((double)Elements * ElementRuns, meter.Total, meter.Total);
        return Total.Check(sample, total.Value, ElementRuns * ExpectedOf(Elements));
    }

    private static Sample HandCollection()
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Elements * ElementRuns, () =>
        {
            for (int run = 0; run < ElementRuns; run++)
            {
                foreach (long number in Given)
                {
                    if (Keep(number))
                    {
                        sum += Double(number);
                    }
                }
            }
        });
        return Total.Check(sample, sum, ElementRuns * ExpectedOf(Elements));
    }

    private static Sample Generator()
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of(Numbers, () => local.Run(env => env
            .FromSource(new WholeSource<Event, GeneratedSplit>(DataGenerator.Source(Make, Numbers)))
            .Filter(ChainContests.Keep)
            .Map(ChainContests.Double)
            .SinkTo(new SumSink<Event, ValueOf>(total))));
        return Total.Check(sample, total.Value, ExpectedOf(Numbers));
    }

    private static Sample HandGenerator()
    {
        long sum = 0;
        Sample sample = Sample.Of(Numbers, () =>
        {
            for (long index = 0; index < Numbers; index++)
            {
                Event record = Make(index);
                if (ChainContests.Keep(record))
                {
                    sum += ChainContests.Double(record).Value;
                }
            }
        });
        return Total.Check(sample, sum, ExpectedOf(Numbers));
    }

    private static Sample FileLines()
    {
        using TemporaryDirectory directory = new();
        directory.Write("lines", Text);
        return OfLines(FileSource.ReadLines(directory.FullPath));
    }

    private static Sample HandFileLines()
    {
        using TemporaryDirectory directory = new();
        directory.Write("lines", Text);
        return HandOfLines(() => new StreamReader(Path.Combine(directory.FullPath, "lines")));
    }

    private static Sample SocketLines()
    {
        using LineServer server = new(Text);
        return OfLines(SocketSource.Lines("127.0.0.1", server.Port, options => options.EndsWithConnection = true));
    }

    private static Sample HandSocketLines()
    {
        using LineServer server = new(Text);
        return HandOfLines(() => new StreamReader(new TcpClient("127.0.0.1", server.Port).GetStream()));
    }

    private static Sample OfLines<TSplit>(Source<string, TSplit> source)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of(Lines, () => local.Run(env => env
            .FromSource(new WholeSource<string, TSplit>(source))
            .Filter(KeepLine)
            .Map(LengthOf)
            .SinkTo(new SumSink<long, Itself>(total))));
        return Total.Check(sample, total.Value, ExpectedOfLines());
    }

    private static Sample HandOfLines(Func<StreamReader> open)
    {
        long sum = 0;
        Sample sample = Sample.Of(Lines, () =>
        {
            using StreamReader reader = open();
            while (reader.ReadLine() is { } line)
            {
                if (KeepLine(line))
                {
                    sum += LengthOf(line);
                }
            }
        });
        return Total.Check(sample, sum, ExpectedOfLines());
    }

    // Of each four in a row the last three, twice.
    private static long ExpectedOf(long numbers) =>
        (numbers * (numbers - 1)) - (4 * (numbers / 4) * ((numbers / 4) - 1));

    private static long ExpectedOfLines()
    {
        long length = Text.Length / Lines;
        return Enumerable.Range(0, Lines).LongCount(i => (('0' + (i % 10)) & 3) != 0) * (length - 1);
    }

    private readonly struct Itself : INumberOf<long>
    {
        public long Of(in long record) => record;
    }

    private readonly struct ValueOf : INumberOf<Event>
    {
        public long Of(in Event record) => record.Value;
    }

    /// <summary>Sends a text to the one who connects, and closes the connection.</summary>
    private sealed class LineServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public LineServer(byte[] text)
        {
            _listener.Start();
            Sent = SendAsync(text);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        private Task Sent { get; }

        public void Dispose()
        {
            Sent.GetAwaiter().GetResult();
            _listener.Dispose();
        }

        private async Task SendAsync(byte[] text)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(text);
        }
    }
}
