using Millrace.Repository;

namespace Millrace.Tests;

[TestClass]
public sealed class TestsDoNotSleepTests
{
    private readonly TestsDoNotSleep _rule = new();

    [TestMethod]
    public void The_repository_does_not_sleep_in_tests() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("Thread.Sleep(10);")]
    [DataRow("while (!done) { System.Threading.Thread.Sleep(10); }")]
    [DataRow("await Task.Delay(100);")]
    [DataRow("await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);")]
    [DataRow("await Task.WhenAny(work, Task.Delay(1000));")]
    [DataRow("for (int i = 0; i < 3; i++) { await Task.Delay(100); }")]
    public void Sleeping_is_found(string statement) => Gate.VerifyOne("wait on a condition", Check(statement));

    [TestMethod]
    [DataRow("while (!done) { await Task.Delay(10); }")]
    [DataRow("do { await Task.Delay(10, token); } while (!done);")]
    [DataRow("await Task.Delay(Timeout.Infinite, token);")]
    [DataRow("await Task.Delay(Timeout.InfiniteTimeSpan, token);")]
    [DataRow("await Task.Delay(TimeSpan.FromSeconds(1), _fakeTime);")]
    [DataRow("await work.WaitAsync(limit, time);")]
    [DataRow("string text = \"Thread.Sleep(1)\"; // Thread.Sleep(1)")]
    public void Waiting_passes(string statement) => Gate.VerifyClean(Check(statement));

    [TestMethod]
    public void Code_that_is_no_test_is_another_rules_business() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("Silo/A.cs", "class A { void F() { Thread.Sleep(1); } }")));

    private IEnumerable<Finding> Check(string statement) =>
        _rule.Check(SourceTree.Of("tests/X/A.cs", $"class A {{ async Task T() {{ {statement} }} }}"));
}
