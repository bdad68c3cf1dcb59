using Microsoft.Extensions.Logging;

namespace Millrace.Clustering.Files;

/// <summary>
/// The membership table of several silo processes on one machine, in a directory; it needs none of them to be alive.
/// </summary>
/// <remarks>Heartbeats take no lock and change neither versions nor etags. Format:
/// docs/formats/file-membership.md.</remarks>
internal sealed class FileMembershipTable(
    MembershipDirectory directory, string clusterId, ILogger<FileMembershipTable> logger) : IMembershipTable
{
    /// <remarks>
    /// Silos whose process certainly is gone are declared dead here, in one step: a starting silo would otherwise wait
    /// until the rows of a cluster that was killed as a whole are stale.
    /// </remarks>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        await directory.CreateAsync(
            table => tryInitTableVersion ? table.DeclareDead(IsCertainlyGone) : table, cancellationToken);

    public async Task DeleteMembershipTableEntriesAsync(string deleted, CancellationToken cancellationToken)
    {
        if (deleted == clusterId)
        {
            await directory.TryChangeAsync(_ => MembershipState.Empty(clusterId), cancellationToken);
        }
    }

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        await directory.TryChangeAsync(
            table => table.WithoutDefunct(beforeDate, directory.ReadHeartbeat), cancellationToken);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        Completed(() => directory.Read().ToData(directory.ReadHeartbeat, key), cancellationToken);

    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) =>
        Completed(() => directory.Read().ToData(directory.ReadHeartbeat), cancellationToken);

    /// <remarks>A silo inserts nobody but itself, so the row is stamped with this process.</remarks>
    public async Task<bool> InsertRowAsync(
        MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        await directory.TryChangeAsync(
            table => table.Insert(entry, tableVersion, ProcessStamp.Current), cancellationToken);

    public async Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        await directory.TryChangeAsync(table => table.Update(entry, etag, tableVersion), cancellationToken);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => Completed(
        () =>
        {
            directory.WriteHeartbeat(entry.SiloAddress, entry.IAmAliveTime);
            return true;
        },
        cancellationToken);

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) =>
        InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) =>
        DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(CancellationToken.None);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        InsertRowAsync(entry, tableVersion, CancellationToken.None);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>Errors belong into the task that Orleans awaits and retries.</summary>
    private static Task<T> Completed<T>(Func<T> read, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(read());
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }

    private bool IsCertainlyGone(MembershipRow row)
    {
        bool isGone = row.Process is { } process && process.IsCertainlyGone();
        if (isGone)
        {
            logger.FoundGone(row.Silo, row.Status, row.Process!.Pid);
        }

        return isGone;
    }
}
