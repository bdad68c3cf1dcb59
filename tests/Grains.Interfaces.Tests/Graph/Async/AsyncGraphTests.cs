using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions.Async;
using Millrace.Joins;

namespace Millrace.Graph.Async;

/// <summary>What of an asynchronous function can be refused when the graph is built.</summary>
[TestClass]
public sealed class AsyncGraphTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestMethod]
    public void A_timeout_or_capacity_out_of_bounds_is_refused_with_what_was_given()
    {
        foreach ((string given, Action<DataStream<int>> define) in new (string, Action<DataStream<int>>)[]
        {
            ("OrderedWait with a timeout of 00:00:00:", stream => stream.OrderedWait(AskAsync, TimeSpan.Zero)),
            ("UnorderedWait with a timeout of -00:00:01:", stream => stream.UnorderedWait(AskAsync, -Second)),
            ("UnorderedWait with a capacity of 0:", stream => stream.UnorderedWait(AskAsync, Second, capacity: 0)),
            ("OrderedWait with a capacity of 1000001:",
                stream => stream.OrderedWait(AskAsync, Second, capacity: 1_000_001)),
            ("OrderedWait with a capacity of -1:",
                stream => stream.LookupJoin(key => key, FindAsync, Second, capacity: -1)),
            ("a cache of 0 keys:", stream => Lookup(stream).WithCache(0)),
            ("expire after 00:00:00:", stream => Lookup(stream).WithCache(1, TimeSpan.Zero)),
        })
        {
            InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(
                () => Plans.Of(env => define(env.FromSource(Numbers))));

            StringAssert.Contains(error.Message, given);
        }
    }

    [TestMethod]
    public void A_retry_strategy_that_makes_no_sense_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AsyncRetryStrategy.FixedDelay<int>(0, Second));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AsyncRetryStrategy.FixedDelay<int>(1, -Second));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => AsyncRetryStrategy.ExponentialBackoff<int>(2, Second, Second / 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => AsyncRetryStrategy.ExponentialBackoff<int>(2, Second, Second, multiplier: 0.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => AsyncRetryStrategy.Custom<int>(_ => -Second).DelayAfter(1));
    }

    [TestMethod]
    public void It_runs_in_one_chain_with_its_neighbours()
    {
        JobGraph plan = Plans.Of(env => Lookup(env.FromSource(Numbers).OrderedWait(AskAsync, Second))
            .Apply((number, row) => row)
            .SinkTo(new UnwrittenSink<string>()));

        CollectionAssert.AreEqual(
            new[] { "Source: Numbers -> OrderedWait -> LookupJoin -> Sink: Nowhere x2" }, Plans.Vertices(plan));
    }

    private static LookupJoin<int, int, string> Lookup(DataStream<int> stream) =>
        stream.LookupJoin(key => key, FindAsync, Second);

    private static ValueTask<int> AskAsync(int value, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private static ValueTask<string?> FindAsync(int key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
