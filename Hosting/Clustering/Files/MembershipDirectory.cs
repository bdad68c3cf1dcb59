using System.Globalization;

namespace Millrace.Clustering.Files;

/// <summary>
/// The directory of one cluster's membership: the table in one file that is replaced as a whole under a lock, and one
/// heartbeat file for each silo, written without it.
/// </summary>
internal sealed class MembershipDirectory(string directory, string clusterId, TimeSpan lockTimeout, TimeProvider time)
{
    private const string HeartbeatSuffix = ".alive";
    private const string AsideSuffix = ".new";

    private readonly Lock _heartbeat = new();
    private readonly string _directory = Path.GetFullPath(directory);

    /// <summary>Called when the new table stands aside, whole, and has not replaced the old one. For tests of a crash
    /// there.</summary>
    public Action? BeforeReplace { get; init; }

    public string ClusterId => clusterId;

    public string TablePath => Path.Combine(_directory, "membership.json");

    public string LockPath => Path.Combine(_directory, "membership.lock");

    private string AsidePath => TablePath + AsideSuffix;

    private string HeartbeatDirectory => Path.Combine(_directory, "heartbeats");

    /// <summary>The turn of one silo among those that join.</summary>
    public JoinTurn CreateTurn() => new(Path.Combine(_directory, "membership.turn"), time);

    /// <summary>Makes what is missing: the directories, an empty table.</summary>
    /// <param name="adopt">Changes the table that is found, or has been made, under the same lock.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public async ValueTask CreateAsync(
        Func<MembershipState, MembershipState> adopt, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(HeartbeatDirectory);
        await using FileStream held = await FileLock.AcquireAsync(LockPath, lockTimeout, time, cancellationToken);
        FileLock.EnsureExclusive(LockPath);
        MembershipState? found = TryRead();
        MembershipState adopted = adopt(found ?? MembershipState.Empty(clusterId));
        if (!ReferenceEquals(adopted, found))
        {
            Replace(adopted);
        }

        DropHeartbeatsWithoutRow(adopted);
    }

    /// <summary>The table as of now; needs no lock, because the file is only ever replaced as a whole.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another cluster or format.</exception>
    /// <exception cref="FileNotFoundException">Somebody has deleted the table.</exception>
    public MembershipState Read() => TryRead() ?? throw new FileNotFoundException(
        $"The membership file '{TablePath}' of cluster '{clusterId}' is gone; somebody has deleted it.", TablePath);

    /// <returns>Null when there is no table yet.</returns>
    public MembershipState? TryRead()
    {
        byte[] content;
        try
        {
            content = ReadShared(TablePath);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return Parse(content);
    }

    /// <summary>Changes the table under the lock.</summary>
    /// <param name="change">Gives the next table, or null to leave it.</param>
    /// <param name="cancellationToken">Ends the wait for the lock; a change once begun is finished.</param>
    /// <returns>Whether the table was changed; on return it has reached the disk.</returns>
    public async ValueTask<bool> TryChangeAsync(
        Func<MembershipState, MembershipState?> change, CancellationToken cancellationToken)
    {
        await using FileStream held = await FileLock.AcquireAsync(LockPath, lockTimeout, time, cancellationToken);
        MembershipState current = Read();
        MembershipState? next = change(current);
        if (next is null || ReferenceEquals(next, current))
        {
            return false;
        }

        Replace(next);
        DropHeartbeatsWithoutRow(next);
        return true;
    }

    /// <summary>Only the silo itself writes its heartbeat, so other processes need not be kept out.</summary>
    public void WriteHeartbeat(SiloAddress silo, DateTime aliveAt)
    {
        string path = HeartbeatPath(silo);
        lock (_heartbeat)
        {
            File.WriteAllText(path + AsideSuffix, aliveAt.ToString("O", CultureInfo.InvariantCulture));
            File.Move(path + AsideSuffix, path, overwrite: true);
        }
    }

    /// <returns>Null when there is none to be read; the row's own time counts then.</returns>
    public DateTime? ReadHeartbeat(SiloAddress silo)
    {
        try
        {
            string text = System.Text.Encoding.UTF8.GetString(ReadShared(HeartbeatPath(silo)));
            return DateTime.TryParseExact(
                text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime heartbeat)
                ? heartbeat
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private MembershipState Parse(byte[] content)
    {
        MembershipState table;
        try
        {
            table = MembershipDocument.Read(content);
        }
        catch (InvalidDataException damaged)
        {
            throw new InvalidDataException(
                $"The membership file '{TablePath}' cannot be read: {damaged.Message}. Millrace replaces that file as "
                + "a whole, so something else has changed it. Stop the cluster's silos, delete the directory "
                + $"'{_directory}' and start them again.",
                damaged);
        }

        return table.ClusterId == clusterId ? table : throw new InvalidDataException(
            $"The membership file '{TablePath}' belongs to cluster '{table.ClusterId}', not to '{clusterId}'. Give "
            + "each cluster a directory of its own.");
    }

    /// <summary>Whole and on disk before it gets the name: whoever crashes on the way leaves the old table.</summary>
    private void Replace(MembershipState table)
    {
        using (var aside = new FileStream(AsidePath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            aside.Write(MembershipDocument.Write(table));
            aside.Flush(flushToDisk: true);
        }

        BeforeReplace?.Invoke();
        File.Move(AsidePath, TablePath, overwrite: true);
    }

    private void DropHeartbeatsWithoutRow(MembershipState table)
    {
        HashSet<string> kept = [.. table.Rows.Select(row => HeartbeatPath(row.Silo))];
        foreach (string path in Directory.EnumerateFiles(HeartbeatDirectory))
        {
            bool isAside = path.EndsWith(AsideSuffix, StringComparison.Ordinal);
            if (!kept.Contains(isAside ? path[..^AsideSuffix.Length] : path))
            {
                File.Delete(path);
            }
        }
    }

    // An IPv6 address has colons, which some file systems refuse in names.
    private string HeartbeatPath(SiloAddress silo) =>
        Path.Combine(HeartbeatDirectory, silo.ToParsableString().Replace(':', '-') + HeartbeatSuffix);
}
