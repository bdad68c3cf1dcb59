using System.Globalization;
using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.Joins;
using Millrace.Operators.Process;
using Millrace.Serialization;
using Millrace.Simulation;

namespace Millrace.Operators.Async.Lookups;

/// <summary>Records are <c>key number</c>, and each result is <c>record: row</c>.</summary>
[TestClass]
public sealed class LookupJoinOperatorTests
{
    private static readonly LookupCacheSettings Cache = new(3, TimeSpan.FromMilliseconds(100), KeepsMisses: true);

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(false, false)]
    public void It_joins_each_record_with_the_rows_of_its_key_however_it_is_run(bool left, bool cached)
    {
        var loop = new TestLoop();
        string[] input = [.. Enumerable.Range(0, 60).Select(i => $"{i * 7 % 11} {i}")];
        string[] expected =
        [
            .. from record in input
               let rows = RowsOf(record)
               from row in rows.Count == 0 && left ? ["nothing"] : rows
               select $"{record}: {row}",
        ];

        OperatorVerifier.Verify(
            output => Create(new AtOnce(), cached ? Cache : null, left, loop, loop.Clock, output), input, expected);
    }

    [TestMethod]
    public void Records_of_one_key_that_come_while_it_is_looked_up_wait_for_the_same_call()
    {
        using var subtask = new Subtask(Cache);
        subtask.Take("a 1", "a 2", "b 3", "a 4");
        CollectionAssert.AreEqual((string[])["a", "b"], subtask.Lookup.Asked);

        subtask.Lookup.Answer("a", "x", "y");
        subtask.Lookup.Answer("b");
        subtask.Round();
        subtask.Take("a 5", "b 6");

        CollectionAssert.AreEqual(
            (string[])["a 1: x", "a 1: y", "a 2: x", "a 2: y", "b 3: nothing", "a 4: x", "a 4: y", "a 5: x", "a 5: y",
                "b 6: nothing"],
            subtask.Results);
        CollectionAssert.AreEqual((string[])["a", "b"], subtask.Lookup.Asked, "both are in the cache");
        Assert.AreEqual((2, 4, 0), subtask.Counts);
    }

    [TestMethod]
    public void What_was_found_is_used_until_it_expires_and_what_was_used_least_recently_makes_room()
    {
        using var subtask = new Subtask(Cache);
        subtask.Find("a", "b", "c");
        subtask.Take("a 1");
        subtask.Find("d");
        subtask.Take("a 2");
        CollectionAssert.AreEqual((string[])["a", "b", "c", "d"], subtask.Lookup.Asked);
        Assert.AreEqual((2, 4, 1), subtask.Counts);

        subtask.Pass(100);
        subtask.Take("a 3");
        CollectionAssert.AreEqual((string[])["a", "b", "c", "d", "a"], subtask.Lookup.Asked);
        Assert.AreEqual((2, 5, 2), subtask.Counts);
    }

    [TestMethod]
    public void Without_a_cache_and_without_misses_in_it_a_key_is_looked_up_again()
    {
        using var without = new Subtask(null);
        without.Find("a", "a");
        CollectionAssert.AreEqual((string[])["a", "a"], without.Lookup.Asked);

        using var subtask = new Subtask(Cache with { KeepsMisses = false });
        subtask.Take("a 1");
        subtask.Lookup.Answer("a");
        subtask.Round();
        subtask.Take("a 2");
        CollectionAssert.AreEqual((string[])["a", "a"], subtask.Lookup.Asked);
    }

    // The call under way is shared, and so is its failure; it is not kept.
    [TestMethod]
    public void A_failed_lookup_is_tried_again_once_for_all_who_wait()
    {
        using var subtask = new Subtask(
            Cache, AsyncRetryStrategy.FixedDelay<string>(2, TimeSpan.FromMilliseconds(10)));
        subtask.Take("a 1", "a 2");
        subtask.Lookup.LastOf("a").Done.SetException(new InvalidDataException("broken off"));
        subtask.Round();
        subtask.Pass(10);
        CollectionAssert.AreEqual((string[])["a", "a"], subtask.Lookup.Asked);

        subtask.Lookup.Answer("a", "x");
        subtask.Round();
        CollectionAssert.AreEqual((string[])["a 1: x", "a 2: x"], subtask.Results);
    }

    [TestMethod]
    public void A_failure_names_the_lookup()
    {
        using var subtask = new Subtask(Cache);
        subtask.Take("a 1");
        subtask.Lookup.LastOf("a").Done.SetException(new InvalidDataException("broken off"));

        Assert.ThrowsExactly<InvalidDataException>(subtask.Round);
        Assert.Contains("attempt 1 of lookup AskedLookup", subtask.FailedPosition!);
    }

    // The first record's time may be over while another one, that came later, still waits for the call.
    [TestMethod]
    public void A_call_is_canceled_when_the_last_record_that_waits_for_it_does_so_no_longer()
    {
        AskedLookup lookup = new();
        CachedLookup<string, string, string> cached = Cached(lookup);
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();
        AsyncResults<string> rows = new();
        Task one = cached.InvokeAsync("a 1", rows, first.Token).AsTask();
        Task two = cached.InvokeAsync("a 2", rows, second.Token).AsTask();

        first.Cancel();
        Assert.IsFalse(lookup.LastOf("a").CancellationToken.IsCancellationRequested);
        second.Cancel();
        Assert.IsTrue(lookup.LastOf("a").CancellationToken.IsCancellationRequested);

        // The abandoned call never ends: the key is asked for anew, and nothing of it is left.
        Task three = cached.InvokeAsync("a 3", rows, CancellationToken.None).AsTask();
        Assert.HasCount(2, lookup.Calls);
        Assert.AreEqual(1, cached.KeysUnderWay);
        lookup.Answer("a", "x");
        Assert.IsTrue(three.IsCompletedSuccessfully);
        Assert.IsTrue(cached.InvokeAsync("a 4", rows, CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.AreEqual(0, cached.KeysUnderWay);
        Assert.IsFalse(one.IsCompleted || two.IsCompleted);
        CollectionAssert.AreEqual((string[])["x", "x"], rows.ToArray());
    }

    [TestMethod]
    public void A_record_without_a_key_has_no_rows_and_a_function_that_returns_null_is_told_so()
    {
        var clock = new RoundClock(TimeProvider.System);
        var cached = new CachedLookup<string, string?, string>(
            new LookupSettings<string, string?, string>(record => record == "none" ? null : record, new ReturnsNull()),
            clock,
            TimeProvider.System);
        AsyncResults<string> rows = new();

        Assert.IsTrue(cached.InvokeAsync("none", rows, CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.AreEqual(0, rows.Count);
        Assert.Contains(
            "an empty list stands for",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => { cached.InvokeAsync("some", rows, CancellationToken.None).AsTask(); }).Message);
    }

    private static CachedLookup<string, string, string> Cached(AskedLookup lookup) => new(
        new LookupSettings<string, string, string>(KeyOf, lookup, Cache),
        new RoundClock(TimeProvider.System),
        TimeProvider.System);

    private static AsyncWaitOperator<string, string, string, JoinEmission<string, string, string, Text>> Create(
        LookupFunction<string, string> function,
        LookupCacheSettings? cache,
        bool left,
        ISubtaskLoop loop,
        RoundClock clock,
        Output<string> output)
    {
        var lookup = new CachedLookup<string, string, string>(
            new LookupSettings<string, string, string>(KeyOf, function, cache), clock, loop.Time);
        return new(
            new("Lookup", lookup, null, Wait, new("Lookup", new SerializerSet()), loop, clock),
            new JoinEmission<string, string, string, Text>(default, left),
            output);
    }

    private static AsyncWait Wait => new(IsOrdered: true, Timeout.InfiniteTimeSpan, 10);

    private static string KeyOf(string record) => record.Split(' ')[0];

    private static IReadOnlyList<string> RowsOf(string record) =>
        [.. Enumerable.Range(0, int.Parse(KeyOf(record), CultureInfo.InvariantCulture) % 3).Select(i => $"row {i}")];

    private readonly struct Text : IJoinFunction<string, string, string>
    {
        public string Join(string left, string? right) => $"{left}: {right ?? "nothing"}";
    }

    private sealed class AtOnce : LookupFunction<string, string>
    {
        public override ValueTask<IReadOnlyList<string>> LookupAsync(
            string key, CancellationToken cancellationToken) => ValueTask.FromResult(RowsOf(key));
    }

    private sealed class ReturnsNull : LookupFunction<string?, string>
    {
        public override ValueTask<IReadOnlyList<string>> LookupAsync(
            string? key, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>(null!);
    }

    /// <summary>A left join with a loop and a clock. What goes on when a call ends, goes on with the next round.
    /// </summary>
    private sealed class Subtask : IDisposable
    {
        private readonly SynchronizationContext? _outer = SynchronizationContext.Current;
        private readonly Queue<Action> _continuations = [];
        private readonly ClockLoop _loop = new();
        private readonly RoundClock _clock;
        private readonly TestOutput<string> _output = new(4, _ => true);
        private readonly CachedLookup<string, string, string> _cached;
        private readonly BatchPool<string> _pool = new(1, BatchLayout.None, new BatchAccount());
        private readonly AsyncWaitOperator<string, string, string, JoinEmission<string, string, string, Text>> _step;

        public Subtask(LookupCacheSettings? cache, AsyncRetryStrategy<string>? retry = null)
        {
            SynchronizationContext.SetSynchronizationContext(new SimulationContext(_continuations.Enqueue));
            _clock = new RoundClock(_loop.Clock);
            _clock.Begin();
            _cached = new(new LookupSettings<string, string, string>(KeyOf, Lookup, cache), _clock, _loop.Clock);
            _step = new(
                new("Lookup", _cached, retry, Wait, new("Lookup", new SerializerSet()), _loop, _clock),
                new JoinEmission<string, string, string, Text>(default, true),
                _output);
            _step.Open(name => new TestRuntimeContext { Operator = name });
        }

        public AskedLookup Lookup { get; } = new();

        public List<string> Results
        {
            get
            {
                Round();
                return _output.Records;
            }
        }

        public string? FailedPosition => _step.FailedPosition;

        public (long Hits, long Misses, long Evictions) Counts => (_step.Hits, _step.Misses, _step.Evictions);

        public void Take(params string[] records)
        {
            foreach (string record in records)
            {
                RecordBatch<string> batch = _pool.Rent();
                batch.Values[0] = record;
                batch.Count = 1;
                Assert.AreEqual(1, _step.Process(batch, 0, 1));
                batch.Release();
            }
        }

        /// <summary>Looks keys up, one after the other, each with one row.</summary>
        public void Find(params string[] keys)
        {
            foreach (string key in keys)
            {
                Take($"{key} 0");
                Lookup.Answer(key, "x");
                Round();
            }
        }

        public void Round()
        {
            while (_continuations.TryDequeue(out Action? next))
            {
                next();
            }

            _clock.Begin();
            _step.EndRound();
        }

        public void Pass(int milliseconds)
        {
            _loop.Advance(milliseconds);
            Round();
        }

        public void Dispose()
        {
            SynchronizationContext.SetSynchronizationContext(_outer);
            _step.Dispose();
        }
    }
}
