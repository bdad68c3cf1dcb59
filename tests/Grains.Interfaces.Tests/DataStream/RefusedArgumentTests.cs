using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Triggers;

namespace Millrace.DataStream;

/// <summary>What cannot work is refused where it is said, with the value seen and the value needed.</summary>
[TestClass]
public sealed class RefusedArgumentTests
{
    private readonly StreamExecutionEnvironment _env = new();

    [TestMethod]
    public void A_choice_that_there_is_not_is_refused_with_those_there_are()
    {
        RequireMessage(() => _env.SetRuntimeMode((RuntimeMode)77), "mode", "77", nameof(RuntimeMode.Streaming));
        RequireMessage(() => _env.SetBatchExchange((ExchangeKind)77), "exchange", "77", nameof(ExchangeKind.Blocking));
        RequireMessage(() => _env.SetStateBackend((StateBackend)77), "backend", "77", nameof(StateBackend));
    }

    [TestMethod]
    public void Restarts_that_cannot_be_are_refused()
    {
        TimeSpan second = TimeSpan.FromSeconds(1);
        TimeSpan tooLong = TimeSpan.FromDays(31);
        RequireMessage(() => RestartSettings.FixedDelay(0, second), "'attempts'", "FixedDelay is 0", "at least 1");
        RequireMessage(() => RestartSettings.FixedDelay(1, -second), "'delay'", "-00:00:01", "30 days");
        RequireMessage(() => RestartSettings.FixedDelay(1, tooLong), "'delay'", "31.00:00:00", "30 days");
        RequireMessage(() => RestartSettings.FailureRate(0, second, second), "'most'", "is 0");
        RequireMessage(() => RestartSettings.FailureRate(1, TimeSpan.Zero, second), "'interval'", "more than zero");
        RequireMessage(() => RestartSettings.Backoff(first: -second), "'first'", "-00:00:01");
        RequireMessage(() => RestartSettings.Backoff(first: TimeSpan.FromHours(2)), "'longest'", "02:00:00 to 30 days");
        RequireMessage(() => RestartSettings.Backoff(longest: tooLong), "'longest'", "31.00:00:00");
        RequireMessage(() => RestartSettings.Backoff(resetAfter: -second), "'resetAfter'", "zero or more");
        Assert.AreEqual(second, RestartSettings.Backoff(second, second, TimeSpan.Zero).MaxDelay);
        Assert.AreEqual(TimeSpan.FromDays(30), RestartSettings.FixedDelay(1, TimeSpan.FromDays(30)).Delay);
    }

    // The record can be made by hand as well, and is looked at where it is used.
    [TestMethod]
    public void A_restart_strategy_made_by_hand_is_looked_at()
    {
        RestartSettings strategy = new(RestartStrategyKind.FixedDelay, -3, TimeSpan.Zero);
        RequireMessage(() => _env.SetRestartStrategy(strategy), "'attempts'", "-3");
        RequireMessage(
            () => _env.SetRestartStrategy(strategy with { Strategy = (RestartStrategyKind)77 }), "Strategy", "77");
        _env.SetRestartStrategy(RestartSettings.None);
        Assert.AreEqual(RestartSettings.None, _env.RestartStrategy);
    }

    [TestMethod]
    public void Functions_and_streams_that_are_null_are_refused_by_name()
    {
        DataStream<int> stream = _env.FromElements(1);
        RequireNull("function", () => stream.Map<IMapFunction<int, long>, long>(null!));
        RequireNull("function", () => stream.Filter<IFilterFunction<int>>(null!));
        RequireNull("function", () => stream.KeyBy(x => x).Reduce<IReduceFunction<int>>(null!));
        RequireNull("others", () => stream.Union(stream, null!));
        RequireNull("elements", () => _env.FromCollection<int>(null!));
    }

    [TestMethod]
    public void A_threshold_that_is_no_number_is_refused() => RequireMessage(
        () => _ = new DeltaTrigger<double, GlobalWindow>(double.NaN, (left, right) => right - left),
        "threshold",
        "NaN");

    // What is done to the collection afterwards, the stream does not see.
    [TestMethod]
    public void A_collection_is_gone_through_when_it_is_given()
    {
        List<int> elements = [1, 2];
        DataStream<int> stream = _env.FromCollection(elements);

        elements.Add(3);
        elements[0] = 7;

        CollectionAssert.AreEqual(
            new[] { 1, 2 }, ((ElementsTransformation<int>)stream.Transformation).Elements.ToArray());
    }

    private static void RequireMessage(Action action, params string[] parts)
    {
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).Message;
        foreach (string part in parts)
        {
            Assert.Contains(part, message);
        }
    }

    private static void RequireNull(string name, Action action) =>
        Assert.AreEqual(name, Assert.ThrowsExactly<ArgumentNullException>(action).ParamName);
}
