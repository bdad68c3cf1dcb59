using System.Net;
using Millrace.Clustering.Files;
using Orleans.Messaging;

namespace Millrace.Clustering;

/// <summary>The file table when processes die, meet, or find something that is no table.</summary>
[TestClass]
public sealed class FileMembershipCrashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private MembershipDirectory Files => MembershipChild.Locate(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    public async Task A_process_killed_while_it_holds_the_lock_does_not_keep_the_others_out()
    {
        IMembershipTable table = await OpenAsync(lockTimeout: TimeSpan.FromSeconds(30));
        await using var holder = ChildProcess.Start("membership", "hold", _directory.Path);
        await holder.HearAsync("held");
        Task<bool> waiting = table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());
        Assert.IsNull(FileLock.TryAcquire(Files.LockPath), "the child must hold the lock, or this test shows nothing");

        await holder.KillAsync();

        Assert.IsTrue(await waiting);
    }

    [TestMethod]
    public async Task Waiting_for_the_lock_ends_with_an_error_that_names_the_file()
    {
        IMembershipTable table = await OpenAsync(lockTimeout: TimeSpan.FromMilliseconds(200));
        MembershipTableData seen = await table.ReadAllAsync();
        using FileStream? held = FileLock.TryAcquire(Files.LockPath);

        TimeoutException error = await Assert.ThrowsExactlyAsync<TimeoutException>(
            () => table.InsertRowAsync(Entry(1), seen.Version.Next()));

        StringAssert.Contains(error.Message, Files.LockPath);
        await table.UpdateIAmAliveAsync(Entry(1));
        Assert.IsEmpty((await table.ReadAllAsync()).Members, "reading and heartbeats need no lock");
    }

    [TestMethod]
    public async Task A_crash_between_writing_aside_and_replacing_leaves_the_old_table()
    {
        IMembershipTable table = await OpenAsync();
        await InsertAsync(table, Entry(1));
        MembershipTableData before = await table.ReadAllAsync();

        await using var dying = ChildProcess.Start("membership", "die-aside", _directory.Path, "7777");
        Assert.AreNotEqual(0, await dying.EndAsync());

        Assert.IsTrue(File.Exists(Files.TablePath + ".new"), "the child must have died after writing aside");
        MembershipTableData after = await table.ReadAllAsync();
        Assert.AreEqual(before.Version, after.Version);
        Assert.HasCount(1, after.Members);
        await InsertAsync(table, Entry(2));
        Assert.HasCount(2, (await (await OpenAsync()).ReadAllAsync()).Members);
    }

    [TestMethod]
    public async Task Processes_that_write_at_the_same_time_lose_no_change()
    {
        const int Votes = 40;
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = Entry(1);
        await InsertAsync(table, entry);
        string silo = entry.SiloAddress.ToParsableString();

        await using var first = ChildProcess.Start("membership", "vote", _directory.Path, silo, "101", $"{Votes}");
        await using var second = ChildProcess.Start("membership", "vote", _directory.Path, silo, "102", $"{Votes}");
        await MembershipChild.VoteAsync(_directory.Path, entry.SiloAddress, voter: 103, Votes);
        await first.HearAsync("voted");
        await second.HearAsync("voted");

        MembershipTableData after = await table.ReadAllAsync();
        Assert.AreEqual(1 + (3 * Votes), after.Version.Version);
        Assert.HasCount(3 * Votes, after.Members[0].Item1.SuspectTimes!);
    }

    [TestMethod]
    public async Task A_starting_silo_declares_dead_whose_process_is_gone_and_nobody_else()
    {
        await using var killed = ChildProcess.Start("membership", "join", _directory.Path, "7001");
        await using var living = ChildProcess.Start("membership", "join", _directory.Path, "7002");
        await killed.HearAsync("joined");
        await living.HearAsync("joined");
        IGatewayListProvider gateways = new FileGatewayListProvider(Files);
        Assert.HasCount(2, await gateways.GetGatewaysAsync());

        await killed.KillAsync();

        // A client need not wait for anybody to declare it dead.
        Assert.AreEqual(7003, (await gateways.GetGatewaysAsync()).Single().Port);
        MembershipTableData after = await (await OpenAsync()).ReadAllAsync();
        Assert.AreEqual(3, after.Version.Version, "two joined, and one change declared the dead");
        Assert.AreEqual(SiloStatus.Dead, StatusOf(after, 7001));
        Assert.AreEqual(SiloStatus.Active, StatusOf(after, 7002));
        Assert.AreEqual(after.Version, (await (await OpenAsync()).ReadAllAsync()).Version, "nothing left to declare");
    }

    [TestMethod]
    public void A_process_is_gone_when_its_id_belongs_to_another_one_now_and_unknown_on_another_machine()
    {
        ProcessStamp here = ProcessStamp.Current!;

        Assert.IsFalse(here.IsCertainlyGone());
        Assert.IsTrue((here with { Started = here.Started + "1" }).IsCertainlyGone());
        Assert.IsTrue((here with { Pid = int.MaxValue }).IsCertainlyGone());
        Assert.IsFalse((here with { Pid = int.MaxValue, Machine = "another" }).IsCertainlyGone());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("""{ "format": "something-else", "formatVersion": 1 }""")]
    [DataRow("""{ "format": "millrace-membership", "formatVersion": 2 }""")]
    [DataRow("""{ "format": "millrace-membership", "formatVersion": 1 }""")]
    [DataRow("""{ "format": "millrace-membership", "formatVersion": 1, "table": { "clusterId": "contract" } }""")]
    public async Task What_is_no_table_is_refused_by_the_name_of_its_file(string content)
    {
        await OpenAsync();
        await File.WriteAllTextAsync(Files.TablePath, content);

        await AssertUnreadableAsync();
    }

    [TestMethod]
    public async Task A_table_cut_anywhere_is_refused_by_the_name_of_its_file()
    {
        IMembershipTable table = await OpenAsync();
        await InsertAsync(table, Entry(1));
        byte[] whole = await File.ReadAllBytesAsync(Files.TablePath);

        for (int length = 0; length < whole.Length - 1; length += 13)
        {
            await File.WriteAllBytesAsync(Files.TablePath, whole[..length]);
            await AssertUnreadableAsync();
        }
    }

    [TestMethod]
    public async Task The_table_of_another_cluster_is_refused()
    {
        await OpenAsync();
        var other = new MembershipDirectory(
            _directory.Path, "other", TimeSpan.FromSeconds(10), TimeProvider.System);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => other.Read());

        StringAssert.Contains(error.Message, "'contract'");
        StringAssert.Contains(error.Message, "'other'");
        StringAssert.Contains(error.Message, Files.TablePath);
    }

    [TestMethod]
    public async Task A_heartbeat_that_cannot_be_read_counts_as_none_and_goes_with_its_row()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = Entry(1);
        await InsertAsync(table, entry);
        DateTime later = entry.IAmAliveTime.AddSeconds(9);
        await table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = later });
        string heartbeats = Path.Combine(_directory.Path, "heartbeats");
        string heartbeat = Directory.GetFiles(heartbeats).Single();
        Assert.AreEqual(later, (await table.ReadAllAsync()).Members[0].Item1.IAmAliveTime);

        await File.WriteAllTextAsync(heartbeat, "2026");

        Assert.AreEqual(entry.IAmAliveTime, (await table.ReadAllAsync()).Members[0].Item1.IAmAliveTime);
        await table.DeleteMembershipTableEntriesAsync(MembershipChild.ClusterId);
        Assert.IsEmpty(Directory.GetFiles(heartbeats));
    }

    [TestMethod]
    public async Task Gateways_of_a_cluster_that_never_ran_are_none()
    {
        IGatewayListProvider gateways = new FileGatewayListProvider(
            MembershipChild.Locate(Path.Combine(_directory.Path, "nothing")));

        Assert.IsEmpty(await gateways.GetGatewaysAsync());
    }

    private static MembershipEntry Entry(int generation) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.IPv6Loopback, 5000, generation),
        HostName = "host",
        SiloName = "silo",
        Status = SiloStatus.Active,
        StartTime = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc),
    };

    private static async Task InsertAsync(IMembershipTable table, MembershipEntry entry) => Assert.IsTrue(
        await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));

    private static SiloStatus StatusOf(MembershipTableData table, int port) =>
        table.Members.Single(member => member.Item1.SiloAddress.Endpoint.Port == port).Item1.Status;

    private async Task AssertUnreadableAsync()
    {
        IMembershipTable table = MembershipChild.Open(_directory.Path);
        IGatewayListProvider gateways = new FileGatewayListProvider(Files);
        foreach (Func<Task> read in new Func<Task>[]
        {
            () => table.ReadAllAsync(),
            () => table.InitializeMembershipTableAsync(tryInitTableVersion: true),
            () => gateways.GetGatewaysAsync(),
        })
        {
            InvalidDataException error = await Assert.ThrowsExactlyAsync<InvalidDataException>(read);
            StringAssert.Contains(error.Message, Files.TablePath);
        }
    }

    private async Task<IMembershipTable> OpenAsync(TimeSpan? lockTimeout = null)
    {
        IMembershipTable table = MembershipChild.Open(_directory.Path, lockTimeout: lockTimeout);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        return table;
    }
}
