using Millrace.Contracts;
using Millrace.Functions;
using Millrace.Operators.Timers;
using Millrace.State;

namespace Millrace.Golden;

/// <summary>What stands in the golden files of keyed state: each kind of state and of timer, some within namespaces,
/// one that expires.</summary>
internal static class GoldenKeyedState
{
    public const string Format = "keyed-state";

    private static readonly string[] Keys = ["", "a", "key 17", "ä𝄞"];

    private static readonly ValueStateDescriptor<DateOnly> Expiring = new("expiring")
    {
        TimeToLive = new StateTtlConfig(TimeSpan.FromDays(1)),
    };

    /// <summary>The bytes as the present version writes them.</summary>
    public static byte[] Write(KeyedStateBackend<string> backend)
    {
        StateUser user = new(backend);
        IValueState<DateOnly> expiring = backend.Keyed.Get(Expiring);
        TimerQueue<string, long> watermark = Timers(backend, TimeDomain.EventTime);
        TimerQueue<string, long> clock = Timers(backend, TimeDomain.ProcessingTime);
        for (int i = 0; i < Keys.Length; i++)
        {
            user.Begin(Keys[i]);
            user.Value.Update($"value {i}");
            user.List.AddAll([[i, -i], []]);
            user.Map[(i, "one")] = long.MaxValue - i;
            user.Map[(-i, "two")] = i;
            user.Reducing.Add(i);
            user.Reducing.Add(100);
            user.Aggregating.Add(i);
            user.Aggregating.Add(7);
            user.Space(i);
            user.SpacedValue.Update(i * 10);
            user.Space(1_000 + i);
            user.SpacedValue.Update(i * 20);
            user.SpacedList.AddAll(["x", $"{i}"]);
            expiring.Update(new DateOnly(2026, 1, 1).AddDays(i));
            watermark.Add(1_000 * i, in Keys[i], i);
            clock.Add(-i, in Keys[i], -1);
            user.End();
        }

        return user.Snapshot();
    }

    /// <summary>Compares what a backend has restored.</summary>
    public static void Check(KeyedStateBackend<string> backend)
    {
        StateUser user = new(backend);
        IValueState<DateOnly> expiring = backend.Keyed.Get(Expiring);
        TimerQueue<string, long> watermark = Timers(backend, TimeDomain.EventTime);
        TimerQueue<string, long> clock = Timers(backend, TimeDomain.ProcessingTime);
        for (int i = 0; i < Keys.Length; i++)
        {
            user.Begin(Keys[i]);
            Assert.AreEqual($"value {i}", user.Value.Value);
            Assert.AreEqual(2, user.List.Count);
            CollectionAssert.AreEqual(new[] { i, -i }, user.List[0]);
            CollectionAssert.AreEqual(Array.Empty<int>(), user.List[1]);
            Assert.AreEqual(2, user.Map.Count);
            Assert.AreEqual(long.MaxValue - i, user.Map[(i, "one")]);
            Assert.AreEqual(i, user.Map[(-i, "two")]);
            Assert.AreEqual(100 + i, user.Reducing.Value);
            Assert.AreEqual($"{i},7", user.Aggregating.Value);
            user.Space(i);
            Assert.AreEqual(i * 10, user.SpacedValue.Value);
            Assert.AreEqual(0, user.SpacedList.Count);
            user.Space(1_000 + i);
            Assert.AreEqual(i * 20, user.SpacedValue.Value);
            CollectionAssert.AreEqual(new[] { "x", $"{i}" }, user.SpacedList.ToArray());
            Assert.AreEqual(new DateOnly(2026, 1, 1).AddDays(i), expiring.Value);
            user.End();
        }

        CheckTimers(watermark, i => 1_000 * i, i => i);
        CheckTimers(clock, i => -i, _ => -1);
    }

    private static TimerQueue<string, long> Timers(KeyedStateBackend<string> backend, TimeDomain domain)
    {
        TimerQueue<string, long> timers = new("timers", domain, backend.Settings.Serializers);
        backend.Register(timers);
        return timers;
    }

    private static void CheckTimers(TimerQueue<string, long> timers, Func<int, long> timeOf, Func<int, long> spaceOf)
    {
        List<(long, string, long)> found = [];
        while (timers.TryPop(long.MaxValue, out TimerKey<string, long> timer))
        {
            found.Add((timer.Time, timer.Key, timer.Space));
        }

        CollectionAssert.AreEquivalent(
            Keys.Select((key, i) => (timeOf(i), key, spaceOf(i))).ToArray(), found);
    }
}
