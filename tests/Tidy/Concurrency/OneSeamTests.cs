using Millrace.Repository;

namespace Millrace.Concurrency;

[TestClass]
public sealed class OneSeamTests
{
    private readonly OneSeam _rule = new();

    [TestMethod]
    public void The_repository_starts_work_in_one_place() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("Task.Run(() => { });", "Task.Run")]
    [DataRow("System.Threading.Tasks.Task.Run(() => { });", "Task.Run")]
    [DataRow("Func<Action, Task> start = Task.Run;", "Task.Run")]
    [DataRow("Task.Factory.StartNew(() => { });", "Task.Factory")]
    [DataRow("new TaskFactory().StartNew(() => { });", "TaskFactory")]
    [DataRow("new Task(() => { }).Start();", "new Task")]
    [DataRow("Task.Delay(5);", "Task.Delay")]
    [DataRow("Parallel.For(0, 2, index => { });", "Parallel")]
    [DataRow("new int[2].AsParallel();", "ParallelEnumerable")]
    [DataRow("new Thread(() => { });", "new Thread")]
    [DataRow("Thread t = new(() => { });", "new Thread")]
    [DataRow("Thread.Sleep(5);", "Thread.Sleep")]
    [DataRow("SpinWait.SpinUntil(() => true);", "SpinWait.SpinUntil")]
    [DataRow("ThreadPool.QueueUserWorkItem(_ => { });", "ThreadPool")]
    [DataRow("new Timer(_ => { });", "new Timer")]
    [DataRow("new PeriodicTimer(TimeSpan.Zero);", "new PeriodicTimer")]
    [DataRow("new System.Timers.Timer();", "new Timer")]
    [DataRow("new CancellationTokenSource(5);", "new CancellationTokenSource")]
    [DataRow("new CancellationTokenSource(TimeSpan.Zero);", "new CancellationTokenSource")]
    [DataRow("task.WaitAsync(TimeSpan.Zero);", "Task.WaitAsync")]
    [DataRow("Task.FromResult(1).WaitAsync(TimeSpan.Zero);", "Task<TResult>.WaitAsync")]
    [DataRow("Guid.NewGuid();", "Guid.NewGuid")]
    [DataRow("Func<Guid> id = Guid.NewGuid;", "Guid.NewGuid")]
    [DataRow("Random.Shared.Next();", "Random.Shared")]
    [DataRow("new Random();", "new Random")]
    [DataRow("Random r = new();", "new Random")]
    [DataRow("task.ConfigureAwait(false);", "ConfigureAwait")]
    [DataRow("Unknown()?.ConfigureAwait(false);", "ConfigureAwait")]
    [DataRow("task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);", "ConfigureAwait")]
    [DataRow("async void L() { } L();", "async void")]
    public void Concurrency_outside_the_seam_is_found(string statement, string named)
    {
        Assert.Contains(named, string.Join('\n', _rule.Check(With("Grains/Jobs", statement))));
        Assert.IsNotEmpty(_rule.Check(With("Grains.Interfaces/Jobs", statement)));
        Assert.IsNotEmpty(_rule.Check(With("Hosting/Local", statement)));
        Assert.IsNotEmpty(_rule.Check(With("Connectors/Kafka", statement)));
    }

    [TestMethod]
    [DataRow("TimeProvider now = TimeProvider.System;")]
    [DataRow("System.Security.Cryptography.RandomNumberGenerator.GetBytes(8);")]
    [DataRow("time.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.Zero);")]
    [DataRow("Task.Delay(TimeSpan.Zero, time);")]
    [DataRow("new PeriodicTimer(TimeSpan.Zero, time);")]
    public void The_real_clock_and_real_secrets_come_from_the_host_which_may_wait_by_a_clock(string statement)
    {
        Assert.IsNotEmpty(_rule.Check(With("Grains/Jobs", statement)));
        Gate.VerifyClean(_rule.Check(With("Hosting/Local", statement)));
    }

    [TestMethod]
    [DataRow("new Random(17);")]
    [DataRow("new CancellationTokenSource();")]
    [DataRow("new CancellationTokenSource(TimeSpan.Zero, time);")]
    [DataRow("task.WaitAsync(TimeSpan.Zero, time);")]
    [DataRow("task.WaitAsync(CancellationToken.None);")]
    [DataRow("task.ConfigureAwait(true);")]
    [DataRow("Task.WhenAll(task, Task.CompletedTask);")]
    [DataRow("Guid.Parse(\"\");")]
    [DataRow("new Inner.Timer();")]
    [DataRow("string text = \"Task.Run(() => { })\"; // Task.Run, Guid.NewGuid()")]
    public void What_keeps_to_the_seam_passes(string statement) =>
        Gate.VerifyClean(_rule.Check(With("Grains/Jobs", statement)));

    [TestMethod]
    [DataRow("Grains/Execution")]
    [DataRow("Grains/Execution/Simulated")]
    [DataRow("Silo")]
    [DataRow("ClientHost/Commands")]
    [DataRow("tests/Grains.Tests")]
    public void The_seam_itself_the_programs_and_the_tests_are_free(string folder) =>
        Gate.VerifyClean(_rule.Check(With(folder, "Task.Run(() => Guid.NewGuid());")));

    private static SourceTree With(string folder, string statement) => SourceTree.Of($"{folder}/User.cs", $$"""
        namespace Millrace;
        class Inner { public class Timer; }
        class User { void F(Task task, TimeProvider time) { {{statement}} } }
        """);
}
