using Millrace.Functions.Async;

namespace Millrace.Operators.Async;

/// <summary>Timeouts and further attempts.</summary>
[TestClass]
public sealed class AsyncTimeTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromMilliseconds(10);

    [TestMethod]
    public void A_record_whose_time_is_over_fails_the_job_and_says_what_to_do()
    {
        using var subtask = new AsyncSubtask(new AsyncCase { Timeout = 100 });
        subtask.Take(1);
        subtask.Round();
        subtask.Pass(99);

        TimeoutException failure = Assert.ThrowsExactly<TimeoutException>(() => subtask.Pass(1));

        Assert.Contains("function AskedFunction gave no result for a record within 00:00:00.1", failure.Message);
        Assert.Contains("override OnTimeout", failure.Message);
        Assert.Contains("record 0", subtask.FailedPosition!);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_function_may_go_on_without_an_answer_and_a_late_one_counts_no_longer(bool ordered)
    {
        using var subtask = new AsyncSubtask(
            new AsyncCase(ordered) { Timeout = 100 }, new AskedFunction { Late = value => $"none for {value}" });
        subtask.Take(1);
        subtask.Round();
        subtask.Pass(60);
        subtask.Take(2);
        subtask.Pass(40);
        AskedFunction.Call late = subtask.Function.LastOf(1);

        CollectionAssert.AreEqual((string[])["none for 1"], subtask.Results);
        Assert.IsTrue(late.CancellationToken.IsCancellationRequested);
        Assert.IsFalse(subtask.Function.LastOf(2).CancellationToken.IsCancellationRequested);

        late.Answer("too late");
        subtask.Function.Answer(2, "b");
        subtask.Round();
        subtask.Take(3);
        subtask.Function.Answer(3, "c");
        subtask.Pass(1_000);

        CollectionAssert.AreEqual((string[])["none for 1", "b", "c"], subtask.Results);
    }

    // The alarm is set for the earliest record; those after it must have theirs.
    [TestMethod]
    public void Each_record_has_its_own_time()
    {
        using var subtask = new AsyncSubtask(
            new AsyncCase { Timeout = 100 }, new AskedFunction { Late = value => $"{value}" });
        for (int i = 0; i < 5; i++)
        {
            subtask.Take(i);
            subtask.Pass(30);
        }

        CollectionAssert.AreEqual((string[])["0", "1"], subtask.Results);
        subtask.Pass(9);
        CollectionAssert.AreEqual((string[])["0", "1"], subtask.Results);
        subtask.Pass(1);
        CollectionAssert.AreEqual((string[])["0", "1", "2"], subtask.Results);
        Assert.IsGreaterThan(0, subtask.Loop.Work.Count(work => !work.IsCompleted), "an alarm is set for the next");
    }

    [TestMethod]
    public void A_failed_record_is_tried_again_after_the_delay_and_as_often_as_said()
    {
        using var subtask = new AsyncSubtask(new AsyncCase { Retry = AsyncRetryStrategy.FixedDelay<string>(3, Ten) });
        subtask.Take(1);
        subtask.Function.Fail(1, "first");
        subtask.Round();
        subtask.Pass(9);
        Assert.HasCount(1, subtask.Function.Asked);
        subtask.Pass(1);
        Assert.HasCount(2, subtask.Function.Asked);
        subtask.Function.Fail(1, "second");
        subtask.Round();
        subtask.Pass(10);
        subtask.Function.Fail(1, "third");

        InvalidDataException failure = Assert.ThrowsExactly<InvalidDataException>(subtask.Round);

        Assert.AreEqual("third", failure.Message);
        Assert.Contains("attempt 3", subtask.FailedPosition!);
    }

    // What a failed call has emitted counts no more than its failure.
    [TestMethod]
    public void Only_the_results_of_the_last_attempt_go_on()
    {
        using var subtask = new AsyncSubtask(new AsyncCase
        {
            Retry = AsyncRetryStrategy.FixedDelay<string>(3, Ten).RetryOnResult(results => results.Contains("bad")),
        });
        subtask.Take(1, 2);
        subtask.Function.LastOf(1).Output.Emit("half");
        subtask.Function.Fail(1, "broken off");
        subtask.Function.Answer(2, "good", "bad");
        subtask.Round();
        subtask.Pass(10);
        subtask.Function.Answer(1, "a");
        subtask.Function.Answer(2, "b");
        subtask.Round();

        CollectionAssert.AreEqual((string[])["a", "b"], subtask.Results);
    }

    [TestMethod]
    public void When_no_attempt_is_left_bad_results_go_on_and_exceptions_that_are_not_meant_fail_at_once()
    {
        using var subtask = new AsyncSubtask(new AsyncCase
        {
            Retry = AsyncRetryStrategy.FixedDelay<string>(2, Ten)
                .RetryOnResult(results => results.Count == 0)
                .RetryOnException(exception => exception is TimeoutException),
        });
        subtask.Take(1, 2);
        subtask.Function.Answer(1);
        subtask.Round();
        subtask.Pass(10);
        subtask.Function.Answer(1);
        subtask.Round();
        CollectionAssert.AreEqual((int[])[1, 2, 1], subtask.Function.Asked);
        Assert.IsEmpty(subtask.Results);

        subtask.Function.Fail(2, "not meant");
        Assert.ThrowsExactly<InvalidDataException>(subtask.Round);
    }

    [TestMethod]
    public void The_timeout_runs_over_all_attempts()
    {
        using var subtask = new AsyncSubtask(
            new AsyncCase { Timeout = 25, Retry = AsyncRetryStrategy.FixedDelay<string>(100, Ten) },
            new AskedFunction { Late = value => $"none for {value}" });
        subtask.Take(1);
        subtask.Function.Fail(1, "first");
        subtask.Round();
        subtask.Pass(10);
        subtask.Function.Fail(1, "second");
        subtask.Pass(10);
        subtask.Pass(5);

        CollectionAssert.AreEqual((string[])["none for 1"], subtask.Results);
        subtask.Pass(100);
        Assert.HasCount(2, subtask.Function.Asked);
    }

    [TestMethod]
    public void At_the_end_of_the_input_what_waits_is_tried_at_once_and_results_are_taken_as_they_are()
    {
        using var subtask = new AsyncSubtask(new AsyncCase
        {
            Retry = AsyncRetryStrategy.FixedDelay<string>(10, TimeSpan.FromHours(1))
                .RetryOnResult(results => results.Contains("bad")),
        });
        subtask.Take(1, 2, 3);
        subtask.Function.Answer(1, "bad");
        subtask.Round();
        subtask.Function.Fail(3, "seen at the end only");
        Assert.IsFalse(subtask.Finish());
        CollectionAssert.AreEqual((int[])[1, 2, 3, 1, 3], subtask.Function.Asked);

        subtask.Function.Answer(1, "bad");
        subtask.Function.Answer(2, "bad");
        subtask.Function.Fail(3, "again");
        subtask.Round();
        Assert.IsFalse(subtask.Finish());
        subtask.Pass(3_600_000);
        subtask.Function.Answer(3, "c");
        subtask.Round();

        Assert.IsTrue(subtask.Finish());
        CollectionAssert.AreEqual((string[])["bad", "bad", "c"], subtask.Results);
    }

    [TestMethod]
    public void Delays_grow_as_the_strategy_says()
    {
        AsyncRetryStrategy<int> strategy = AsyncRetryStrategy.ExponentialBackoff<int>(
            6, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), multiplier: 3);

        double?[] delays = [.. Enumerable.Range(1, 6).Select(i => strategy.DelayAfter(i)?.TotalMilliseconds)];

        CollectionAssert.AreEqual((double?[])[10, 30, 90, 100, 100, null], delays);
        Assert.AreEqual(
            TimeSpan.FromSeconds(7),
            AsyncRetryStrategy.Custom<int>(attempts => TimeSpan.FromSeconds(attempts)).DelayAfter(7));
        Assert.IsNull(AsyncRetryStrategy.FixedDelay<int>(1, Ten).DelayAfter(1));
    }
}
