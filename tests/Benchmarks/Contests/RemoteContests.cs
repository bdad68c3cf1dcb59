using System.Globalization;
using Millrace.Measuring;
using Millrace.Pairs;
using Millrace.Pairs.Calls;
using Millrace.Pairs.Exchanges;
using Millrace.Pairs.Sockets;

namespace Millrace.Contests;

/// <summary>Records from a subtask in one process to one in another, against a raw socket and against grain calls
/// between the same two processes. Processor time is that of both.</summary>
internal static class RemoteContests
{
    private const long StructBytes = 768L << 20;
    private const long StringBytes = 192L << 20;
    private const long CallBytes = 256L << 20;

    // Some seconds in both processes: code that is still being compiled takes a tenth of their time.
    private const int Warm = 6;

    public static IEnumerable<Benchmark> All() =>
    [
        new PairBenchmark("remote-structs", pair => new Contest(
            "remote-structs", "bytes", 0.5, Structs(pair), Socket(pair, StructBytes)) { WarmUps = Warm }),
        new PairBenchmark("remote-structs-wall", pair => new Contest(
            "remote-structs-wall", "bytes/s elapsed", null, Structs(pair), Socket(pair, StructBytes))
        {
            ByElapsedTime = true,
            WarmUps = Warm,
        }),
        new PairBenchmark("remote-structs-tls", WithTls),
        new PairBenchmark("remote-strings", pair => new Contest(
            "remote-strings", "bytes", 0.2, Strings(pair), Socket(pair, StructBytes)) { WarmUps = Warm }),
        new PairBenchmark("remote-vs-grain-calls", pair => new Contest(
            "remote-vs-grain-calls", "bytes", 2, Structs(pair), Calls(pair))),
    ];

    private static Contest WithTls(PairResources pair)
    {
        string identity = PairIdentity.Create();
        SendingTls tls = pair.Own(new SendingTls(pair.Pair, identity));
        return new Contest(
            "remote-structs-tls",
            "bytes",
            null,
            Structs(pair, identity),
            () => tls.Run((int)(StructBytes / SendingSocket.FrameBytes))) { WarmUps = Warm };
    }

    private static Func<Sample> Structs(PairResources pair, string? identity = null)
    {
        SendingExchange exchange = pair.Own(new SendingExchange(pair.Pair, identity));
        int times = (int)(StructBytes / (WideEvent.Input.Length * WideEvent.Bytes));
        long sum = times * WideEvent.Input.Sum(record => (long)record.Value);
        double bytes = (double)times * WideEvent.Input.Length * WideEvent.Bytes;
        return () => Checked(exchange.Run("structs", times, bytes, out string outcome), outcome, sum);
    }

    private static Func<Sample> Strings(PairResources pair)
    {
        SendingExchange exchange = pair.Own(new SendingExchange(pair.Pair));
        long bytesOnce = Post.Input.Sum(record => (long)record.Bytes);
        int times = (int)(StringBytes / bytesOnce);
        double bytes = (double)times * bytesOnce;
        long sum = times * Post.Input.Sum(record => default(Post.ValueOf).Of(record));
        return () => Checked(exchange.Run("strings", times, bytes, out string outcome), outcome, sum);
    }

    private static Func<Sample> Socket(PairResources pair, long bytes)
    {
        SendingSocket socket = pair.Own(new SendingSocket(pair.Pair));
        return () => socket.Run((int)(bytes / SendingSocket.FrameBytes));
    }

    private static Func<Sample> Calls(PairResources pair)
    {
        CallingSilo silo = pair.Own(new CallingSilo(pair.Pair));
        return () => silo.Run((int)(CallBytes / CallingSilo.PayloadBytes));
    }

    private static Sample Checked(Sample sample, string outcome, long sum) =>
        outcome == sum.ToString(CultureInfo.InvariantCulture)
            ? sample
            : throw new InvalidOperationException($"The sink came to {outcome}; {sum} is right.");
}
