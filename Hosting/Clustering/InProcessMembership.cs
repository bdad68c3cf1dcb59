using System.Collections.Concurrent;
using Orleans.Messaging;

namespace Millrace.Clustering;

/// <summary>
/// The membership table of a cluster inside one process. All its silos and clients share one object, and it ends with
/// them.
/// </summary>
public sealed class InProcessMembership : IMembershipTable, IGatewayListProvider
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<SiloAddress, DateTime> _heartbeats = new();
    private MembershipState _state = MembershipState.Empty("in-process");

    TimeSpan IGatewayListProvider.MaxStaleness => TimeSpan.FromSeconds(1);

    bool IGatewayListProvider.IsUpdatable => true;

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId)
    {
        lock (_lock)
        {
            _state = MembershipState.Empty(_state.ClusterId);
            _heartbeats.Clear();
        }

        return Task.CompletedTask;
    }

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        lock (_lock)
        {
            _state = _state.WithoutDefunct(beforeDate, HeartbeatOf);
            foreach (SiloAddress silo in _heartbeats.Keys.Except(_state.Rows.Select(row => row.Silo)))
            {
                _heartbeats.TryRemove(silo, out _);
            }
        }

        return Task.CompletedTask;
    }

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) =>
        Task.FromResult(Current().ToData(HeartbeatOf, key));

    Task<MembershipTableData> IMembershipTable.ReadAll() => Task.FromResult(Current().ToData(HeartbeatOf));

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        Task.FromResult(TryChange(state => state.Insert(entry, tableVersion, process: null)));

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        Task.FromResult(TryChange(state => state.Update(entry, etag, tableVersion)));

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry)
    {
        _heartbeats[entry.SiloAddress] = entry.IAmAliveTime;
        return Task.CompletedTask;
    }

    Task IGatewayListProvider.InitializeGatewayListProvider() => Task.CompletedTask;

    Task<IList<Uri>> IGatewayListProvider.GetGateways() =>
        Task.FromResult<IList<Uri>>([.. Current().Rows.Select(row => row.ToGateway()).OfType<Uri>()]);

    private MembershipState Current()
    {
        lock (_lock)
        {
            return _state;
        }
    }

    private bool TryChange(Func<MembershipState, MembershipState?> change)
    {
        lock (_lock)
        {
            MembershipState? next = change(_state);
            _state = next ?? _state;
            return next is not null;
        }
    }

    private DateTime? HeartbeatOf(SiloAddress silo) =>
        _heartbeats.TryGetValue(silo, out DateTime heartbeat) ? heartbeat : null;
}
