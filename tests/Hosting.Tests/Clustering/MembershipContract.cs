using System.Net;
using Orleans.Messaging;

namespace Millrace.Clustering;

/// <summary>
/// What every membership table of ours must do; the rules that Orleans' own tests of its providers check, and those its
/// interface states about heartbeats and clean-up.
/// </summary>
public abstract class MembershipContract
{
    protected const string ClusterId = "contract";

    private static readonly DateTime Now = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private int _generation = 1_000;

    [TestMethod]
    public async Task A_new_table_is_empty_and_has_version_zero()
    {
        MembershipTableData table = await (await OpenAsync()).ReadAllAsync();

        Assert.IsEmpty(table.Members);
        Assert.AreEqual(0, table.Version.Version);
        Assert.IsNotNull(table.Version.VersionEtag);
    }

    [TestMethod]
    public async Task An_inserted_silo_is_read_back_whole_and_raises_the_version()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = NewEntry();
        entry.RoleName = "role";
        entry.FaultZone = 3;
        entry.UpdateZone = 4;
        entry.AddSuspector(NewEntry().SiloAddress, Now.AddSeconds(7));
        TableVersion before = (await table.ReadAllAsync()).Version;

        Assert.IsTrue(await table.InsertRowAsync(entry, before.Next()));

        MembershipTableData after = await table.ReadAllAsync();
        Assert.AreEqual(1, after.Version.Version);
        Assert.AreNotEqual(before.VersionEtag, after.Version.VersionEtag);
        Assert.HasCount(1, after.Members);
        Assert.AreEqual(entry.ToFullString(), after.Members[0].Item1.ToFullString());
        Assert.AreEqual(DateTimeKind.Utc, after.Members[0].Item1.StartTime.Kind);
        Assert.IsNotNull(after.Members[0].Item2);
    }

    [TestMethod]
    public async Task A_silo_cannot_be_inserted_twice()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = NewEntry();
        await InsertAsync(table, entry);

        Assert.IsFalse(await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));

        MembershipTableData after = await table.ReadAllAsync();
        Assert.HasCount(1, after.Members);
        Assert.AreEqual(1, after.Version.Version);
    }

    [TestMethod]
    public async Task An_insert_with_an_old_table_version_is_refused()
    {
        IMembershipTable table = await OpenAsync();
        TableVersion old = (await table.ReadAllAsync()).Version;
        await InsertAsync(table, NewEntry());

        Assert.IsFalse(await table.InsertRowAsync(NewEntry(), old.Next()));

        MembershipTableData after = await table.ReadAllAsync();
        Assert.HasCount(1, after.Members);
        Assert.AreEqual(1, after.Version.Version);
    }

    [TestMethod]
    public async Task One_row_is_read_with_the_version_of_the_table()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry wanted = NewEntry();
        await InsertAsync(table, NewEntry());
        await InsertAsync(table, wanted);
        await InsertAsync(table, NewEntry());

        MembershipTableData row = await table.ReadRowAsync(wanted.SiloAddress);
        MembershipTableData none = await table.ReadRowAsync(NewEntry().SiloAddress);

        Assert.HasCount(1, row.Members);
        Assert.AreEqual(wanted.ToFullString(), row.Members[0].Item1.ToFullString());
        Assert.AreEqual(3, row.Version.Version);
        Assert.AreEqual((await table.ReadAllAsync()).TryGet(wanted.SiloAddress)!.Item2, row.Members[0].Item2);
        Assert.IsEmpty(none.Members);
        Assert.AreEqual(3, none.Version.Version);
    }

    [TestMethod]
    public async Task A_generation_of_its_own_makes_another_silo_of_the_same_address()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry first = NewEntry();
        MembershipEntry second = NewEntry();
        second.SiloAddress = SiloAddress.New(first.SiloAddress.Endpoint, first.SiloAddress.Generation + 1);

        await InsertAsync(table, first);
        await InsertAsync(table, second);

        Assert.HasCount(2, (await table.ReadAllAsync()).Members);
        Assert.HasCount(1, (await table.ReadRowAsync(second.SiloAddress)).Members);
    }

    [TestMethod]
    public async Task An_update_needs_the_current_table_and_row()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = NewEntry();
        TableVersion oldVersion = (await table.ReadAllAsync()).Version;
        await InsertAsync(table, entry);
        MembershipTableData inserted = await table.ReadAllAsync();
        string firstEtag = inserted.Members[0].Item2;
        entry.Status = SiloStatus.Active;

        Assert.IsFalse(await table.UpdateRowAsync(entry, firstEtag, oldVersion.Next()), "old table version");
        Assert.IsTrue(await table.UpdateRowAsync(entry, firstEtag, inserted.Version.Next()), "all current");

        MembershipTableData updated = await table.ReadAllAsync();
        string secondEtag = updated.Members[0].Item2;
        Assert.AreEqual(SiloStatus.Active, updated.Members[0].Item1.Status);
        Assert.AreEqual(2, updated.Version.Version);
        Assert.AreNotEqual(firstEtag, secondEtag);
        Assert.IsFalse(await table.UpdateRowAsync(entry, firstEtag, updated.Version.Next()), "old row etag");
        Assert.IsFalse(await table.UpdateRowAsync(entry, secondEtag, inserted.Version.Next()), "version of before");
        Assert.IsFalse(
            await table.UpdateRowAsync(NewEntry(), secondEtag, updated.Version.Next()), "a silo that is not there");
        Assert.AreEqual(2, (await table.ReadAllAsync()).Version.Version);
        Assert.AreEqual(secondEtag, (await table.ReadAllAsync()).Members[0].Item2);
    }

    [TestMethod]
    public async Task What_is_read_can_be_changed_by_the_reader_without_harm()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = NewEntry();
        await InsertAsync(table, entry);

        entry.Status = SiloStatus.Dead;
        (await table.ReadAllAsync()).Members[0].Item1.Status = SiloStatus.Dead;

        Assert.AreEqual(SiloStatus.Joining, (await table.ReadAllAsync()).Members[0].Item1.Status);
    }

    [TestMethod]
    public async Task A_heartbeat_changes_neither_version_nor_etags()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = NewEntry();
        await InsertAsync(table, entry);
        MembershipTableData before = await table.ReadAllAsync();

        await BeatAsync(table, entry, Now.AddMinutes(5));

        MembershipTableData after = await table.ReadAllAsync();
        Assert.AreEqual(Now.AddMinutes(5), after.Members[0].Item1.IAmAliveTime);
        Assert.AreEqual(
            Now.AddMinutes(5), (await table.ReadRowAsync(entry.SiloAddress)).Members[0].Item1.IAmAliveTime);
        Assert.AreEqual(before.Version, after.Version);
        Assert.AreEqual(before.Members[0].Item2, after.Members[0].Item2);

        // What was read before the heartbeat may still be written.
        entry.Status = SiloStatus.Active;
        Assert.IsTrue(await table.UpdateRowAsync(entry, before.Members[0].Item2, before.Version.Next()));

        // A row written by somebody who had not seen the heartbeat does not turn it back.
        Assert.AreEqual(Now.AddMinutes(5), (await table.ReadAllAsync()).Members[0].Item1.IAmAliveTime);
    }

    [TestMethod]
    public async Task The_heartbeat_of_a_silo_that_is_not_there_adds_none()
    {
        IMembershipTable table = await OpenAsync();

        await BeatAsync(table, NewEntry(), Now);

        MembershipTableData after = await table.ReadAllAsync();
        Assert.IsEmpty(after.Members);
        Assert.AreEqual(0, after.Version.Version);
    }

    [TestMethod]
    public async Task Clean_up_removes_dead_silos_that_were_last_known_before_the_date()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry[] kept =
        [
            Aged(SiloStatus.Created, days: 10),
            Aged(SiloStatus.Joining, days: 10),
            Aged(SiloStatus.Active, days: 10),
            Aged(SiloStatus.ShuttingDown, days: 10),
            Aged(SiloStatus.Stopping, days: 10),
            Aged(SiloStatus.Dead, days: 2),
        ];
        MembershipEntry removed = Aged(SiloStatus.Dead, days: 10);
        MembershipEntry startedLater = Aged(SiloStatus.Dead, days: 10);
        startedLater.StartTime = Now;
        MembershipEntry suspectedLater = Aged(SiloStatus.Dead, days: 10);
        suspectedLater.AddSuspector(removed.SiloAddress, Now);
        MembershipEntry aliveLater = Aged(SiloStatus.Dead, days: 10);
        kept = [.. kept, startedLater, suspectedLater, aliveLater];
        foreach (MembershipEntry entry in kept.Prepend(removed))
        {
            await InsertAsync(table, entry);
        }

        await BeatAsync(table, aliveLater, Now);
        TableVersion before = (await table.ReadAllAsync()).Version;

        await table.CleanupDefunctSiloEntriesAsync(Now.AddDays(-3));

        MembershipTableData after = await table.ReadAllAsync();
        Assert.IsNull(after.TryGet(removed.SiloAddress));
        CollectionAssert.AreEquivalent(
            kept.Select(entry => entry.SiloAddress).ToArray(),
            after.Members.Select(member => member.Item1.SiloAddress).ToArray());
        Assert.AreEqual(before.Version, after.Version.Version);
    }

    [TestMethod]
    public async Task Deleting_the_entries_of_the_cluster_empties_the_table_and_outdates_all_etags()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry entry = NewEntry();
        TableVersion first = (await table.ReadAllAsync()).Version;
        await InsertAsync(table, entry);

        await table.DeleteMembershipTableEntriesAsync(ClusterId);

        Assert.IsEmpty((await table.ReadAllAsync()).Members);
        Assert.IsFalse(await table.InsertRowAsync(entry, first.Next()), "the etag of the deleted table");
        await InsertAsync(table, entry);
        Assert.HasCount(1, (await table.ReadAllAsync()).Members);
    }

    [TestMethod]
    public async Task Of_parallel_changes_to_one_version_exactly_one_wins()
    {
        const int Rivals = 8;
        const int Rounds = 20;
        IMembershipTable table = await OpenAsync();
        IMembershipTable[] rivals = await Task.WhenAll(Enumerable.Range(0, Rivals).Select(_ => ReopenAsync()));
        MembershipEntry shared = NewEntry();
        await InsertAsync(table, shared);

        for (int round = 0; round < Rounds; round++)
        {
            MembershipTableData seen = await table.ReadAllAsync();
            (MembershipEntry entry, string etag) = seen.TryGet(shared.SiloAddress)!.ToValueTuple();
            bool[] won = await AllAtOnceAsync(rivals, (rival, index) => index % 2 == 0
                ? rival.UpdateRowAsync(entry, etag, seen.Version.Next())
                : rival.InsertRowAsync(NewEntry(), seen.Version.Next()));

            Assert.AreEqual(1, won.Count(isWon => isWon), $"round {round}");
            Assert.AreEqual(seen.Version.Version + 1, (await table.ReadAllAsync()).Version.Version, $"round {round}");
        }
    }

    [TestMethod]
    public async Task Rivals_that_retry_lose_no_change()
    {
        const int Rivals = 6;
        const int Votes = 10;
        IMembershipTable table = await OpenAsync();
        IMembershipTable[] rivals = await Task.WhenAll(Enumerable.Range(0, Rivals).Select(_ => ReopenAsync()));
        MembershipEntry shared = NewEntry();
        await InsertAsync(table, shared);

        await AllAtOnceAsync(rivals, async (rival, index) =>
        {
            for (int vote = 0; vote < Votes; vote++)
            {
                bool isWritten = false;
                while (!isWritten)
                {
                    MembershipTableData seen = await rival.ReadAllAsync();
                    (MembershipEntry entry, string etag) = seen.TryGet(shared.SiloAddress)!.ToValueTuple();
                    entry.AddSuspector(SiloAddress.New(IPAddress.Loopback, 1 + index, 1 + vote), Now.AddSeconds(vote));
                    isWritten = await rival.UpdateRowAsync(entry, etag, seen.Version.Next());
                }
            }

            return true;
        });

        MembershipTableData after = await table.ReadAllAsync();
        Assert.AreEqual(1 + (Rivals * Votes), after.Version.Version);
        Assert.HasCount(Rivals * Votes, after.Members[0].Item1.SuspectTimes!);
    }

    [TestMethod]
    public async Task Gateways_are_active_silos_that_take_clients()
    {
        IMembershipTable table = await OpenAsync();
        MembershipEntry active = WithStatus(SiloStatus.Active);
        MembershipEntry withoutGateway = WithStatus(SiloStatus.Active);
        withoutGateway.ProxyPort = 0;
        foreach (MembershipEntry entry in Enum.GetValues<SiloStatus>()
            .Where(status => status is not SiloStatus.Active and not SiloStatus.None)
            .Select(WithStatus)
            .Concat([active, withoutGateway]))
        {
            await InsertAsync(table, entry);
        }

        IGatewayListProvider gateways = await GatewaysAsync();
        IList<Uri> found = await gateways.GetGatewaysAsync();

        SiloAddress expected = SiloAddress.New(
            active.SiloAddress.Endpoint.Address, active.ProxyPort, active.SiloAddress.Generation);
        CollectionAssert.AreEqual(new[] { expected.ToGatewayUri() }, found.ToArray());
    }

    /// <summary>An empty table, initialized.</summary>
    protected abstract Task<IMembershipTable> OpenAsync();

    /// <summary>The table of <see cref="OpenAsync"/> as another silo sees it.</summary>
    protected abstract Task<IMembershipTable> ReopenAsync();

    /// <summary>The gateways of the table of <see cref="OpenAsync"/> as a client sees them.</summary>
    protected abstract Task<IGatewayListProvider> GatewaysAsync();

    protected static async Task InsertAsync(IMembershipTable table, MembershipEntry entry) => Assert.IsTrue(
        await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()), $"insert {entry}");

    protected MembershipEntry NewEntry()
    {
        int generation = Interlocked.Increment(ref _generation);
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_111, generation),
            HostName = "host",
            SiloName = $"silo {generation}",
            Status = SiloStatus.Joining,
            ProxyPort = 30_000 + (generation % 1_000),
            StartTime = Now,
            IAmAliveTime = Now,
            SuspectTimes = [],
        };
    }

    private static Task BeatAsync(IMembershipTable table, MembershipEntry entry, DateTime time) =>
        table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = time });

    private static Task<T[]> AllAtOnceAsync<T>(
        IMembershipTable[] rivals, Func<IMembershipTable, int, Task<T>> act)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] acting = [.. rivals.Select(async (rival, index) =>
        {
            await start.Task;
            return await act(rival, index);
        })];
        start.SetResult();
        return Task.WhenAll(acting);
    }

    private MembershipEntry WithStatus(SiloStatus status)
    {
        MembershipEntry entry = NewEntry();
        entry.Status = status;
        return entry;
    }

    private MembershipEntry Aged(SiloStatus status, int days)
    {
        MembershipEntry entry = WithStatus(status);
        entry.StartTime = Now.AddDays(-days);
        entry.IAmAliveTime = Now.AddDays(-days);
        return entry;
    }
}
