using Microsoft.Extensions.Logging;

namespace Millrace.Clustering.Files;

/// <summary>
/// The membership table of several silo processes on one machine, in a directory; it needs none of them to be alive.
/// </summary>
/// <remarks>Heartbeats take no lock and change neither versions nor etags. Format:
/// docs/formats/file-membership.md.</remarks>
internal sealed class FileMembershipTable(MembershipDirectory directory, ILogger<FileMembershipTable> logger)
    : IMembershipTable, IDisposable
{
    private readonly JoinTurn _turn = directory.CreateTurn();
    private volatile bool _isJoining;

    /// <remarks>
    /// Silos whose process certainly is gone are declared dead here, in one step: a starting silo would otherwise wait
    /// until the rows of a cluster that was killed as a whole are stale.
    /// </remarks>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        await directory.CreateAsync(
            table => tryInitTableVersion ? table.DeclareDead(IsCertainlyGone) : table, cancellationToken);
        _isJoining = tryInitTableVersion;
    }

    public async Task DeleteMembershipTableEntriesAsync(string deleted, CancellationToken cancellationToken)
    {
        if (deleted == directory.ClusterId)
        {
            await directory.TryChangeAsync(_ => MembershipState.Empty(deleted), cancellationToken);
        }
    }

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        await directory.TryChangeAsync(
            table => table.WithoutDefunct(beforeDate, directory.ReadHeartbeat), cancellationToken);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        Completed(() => directory.Read().ToData(directory.ReadHeartbeat, key), cancellationToken);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (_isJoining)
        {
            await _turn.TakeAsync(cancellationToken);
        }

        return directory.Read().ToData(directory.ReadHeartbeat);
    }

    /// <remarks>A silo inserts nobody but itself, so the row is stamped with this process.</remarks>
    public Task<bool> InsertRowAsync(
        MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        WriteAsync(table => table.Insert(entry, tableVersion, ProcessStamp.Current), entry, cancellationToken);

    public Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        WriteAsync(table => table.Update(entry, etag, tableVersion), entry, cancellationToken);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => Completed(
        () =>
        {
            directory.WriteHeartbeat(entry.SiloAddress, entry.IAmAliveTime);
            return true;
        },
        cancellationToken);

    public void Dispose() => _turn.Dispose();

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

    private async Task<bool> WriteAsync(
        Func<MembershipState, MembershipState?> change, MembershipEntry entry, CancellationToken cancellationToken)
    {
        bool isWritten = await directory.TryChangeAsync(change, cancellationToken);
        if (_isJoining)
        {
            _isJoining = !(isWritten && entry.Status == SiloStatus.Active);
            _turn.Release();
        }

        return isWritten;
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
