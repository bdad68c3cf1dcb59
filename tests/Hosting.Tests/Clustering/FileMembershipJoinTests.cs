using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Clustering.Files;

namespace Millrace.Clustering;

/// <summary>Silos that join together take turns, because Orleans waits seconds after a refused write.</summary>
[TestClass]
public sealed class FileMembershipJoinTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    public async Task A_joining_silo_reads_after_the_one_before_it_has_written()
    {
        using FileMembershipTable first = await OpenAsync();
        using FileMembershipTable second = await OpenAsync();

        MembershipTableData seenByFirst = await first.ReadAllAsync(CancellationToken.None);
        Task<MembershipTableData> reading = second.ReadAllAsync(CancellationToken.None);
        Assert.IsFalse(reading.IsCompleted);
        Assert.IsTrue(await JoinAsync(first, 1, SiloStatus.Joining, seenByFirst));

        MembershipTableData seenBySecond = await WhileTimePassesAsync(reading);
        Assert.HasCount(1, seenBySecond.Members);
        Assert.IsTrue(await JoinAsync(second, 2, SiloStatus.Joining, seenBySecond));
    }

    [TestMethod]
    public async Task A_joining_silo_that_reads_and_does_not_write_holds_nobody_up()
    {
        using FileMembershipTable first = await OpenAsync();
        using FileMembershipTable second = await OpenAsync();

        await first.ReadAllAsync(CancellationToken.None);
        Task<MembershipTableData> reading = second.ReadAllAsync(CancellationToken.None);

        await WhileTimePassesAsync(reading);
        Assert.IsTrue(await JoinAsync(second, 2, SiloStatus.Joining, await reading));
    }

    [TestMethod]
    public async Task A_turn_that_never_comes_is_not_waited_for()
    {
        using FileMembershipTable table = await OpenAsync();
        using FileStream? held = FileLock.TryAcquire(Path.Combine(_directory.Path, "membership.turn"));
        Assert.IsNotNull(held);

        MembershipTableData seen = await WhileTimePassesAsync(table.ReadAllAsync(CancellationToken.None));

        Assert.IsTrue(await JoinAsync(table, 1, SiloStatus.Joining, seen));
    }

    [TestMethod]
    public async Task A_silo_that_has_joined_takes_no_turns()
    {
        using FileMembershipTable joined = await OpenAsync();
        using FileMembershipTable joining = await OpenAsync();
        Assert.IsTrue(
            await JoinAsync(joined, 1, SiloStatus.Active, await joined.ReadAllAsync(CancellationToken.None)));

        await joining.ReadAllAsync(CancellationToken.None);
        Task<MembershipTableData> reading = joined.ReadAllAsync(CancellationToken.None);

        Assert.IsTrue(reading.IsCompletedSuccessfully);
    }

    private static Task<bool> JoinAsync(
        FileMembershipTable table, int generation, SiloStatus status, MembershipTableData seen)
    {
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 5_000, generation),
            HostName = "host",
            SiloName = "silo",
            Status = status,
        };
        return table.InsertRowAsync(entry, seen.Version.Next(), CancellationToken.None);
    }

    private async Task<T> WhileTimePassesAsync<T>(Task<T> waiting)
    {
        for (int step = 0; !waiting.IsCompleted; step++)
        {
            Assert.IsLessThan(100_000, step, "the read did not end");
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await waiting;
    }

    private async Task<FileMembershipTable> OpenAsync()
    {
        var table = new FileMembershipTable(
            new MembershipDirectory(_directory.Path, "joining", TimeSpan.FromSeconds(30), _time),
            NullLogger<FileMembershipTable>.Instance);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, CancellationToken.None);
        return table;
    }
}
