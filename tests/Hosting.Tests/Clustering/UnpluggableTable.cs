namespace Millrace.Clustering;

/// <summary>
/// A membership table whose writes vanish from some moment on: a silo stopped then leaves its row as a killed process
/// does.
/// </summary>
internal sealed class UnpluggableTable(IMembershipTable inner) : IMembershipTable
{
    private volatile bool _isUnplugged;

    public void Unplug() => _isUnplugged = true;

    public Task InitializeMembershipTable(bool tryInitTableVersion) =>
        inner.InitializeMembershipTableAsync(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => inner.DeleteMembershipTableEntriesAsync(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        inner.CleanupDefunctSiloEntriesAsync(beforeDate);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => inner.ReadRowAsync(key);

    public Task<MembershipTableData> ReadAll() => inner.ReadAllAsync();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        _isUnplugged ? Task.FromResult(true) : inner.InsertRowAsync(entry, tableVersion);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        _isUnplugged ? Task.FromResult(true) : inner.UpdateRowAsync(entry, etag, tableVersion);

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        _isUnplugged ? Task.CompletedTask : inner.UpdateIAmAliveAsync(entry);
}
