using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace Millrace.Clustering;

/// <summary>
/// One version of a membership table, immutable; the rules of <see cref="IMembershipTable"/> without its storage.
/// </summary>
/// <param name="ClusterId">The cluster the table belongs to.</param>
/// <param name="Incarnation">Drawn when the table is made, so that the etag of a deleted table never fits its
/// successor.</param>
/// <param name="Changes">Counts every change; the etags are made of it.</param>
/// <param name="Version">The version Orleans sees; heartbeats and clean-up leave it alone.</param>
/// <param name="Rows">One row for each silo.</param>
internal sealed record MembershipState(
    string ClusterId, string Incarnation, long Changes, int Version, ImmutableArray<MembershipRow> Rows)
{
    private const int IncarnationDigits = 16;

    private TableVersion TableVersion =>
        new(Version, $"{Incarnation}-{Changes.ToString(CultureInfo.InvariantCulture)}");

    public static MembershipState Empty(string clusterId) =>
        new(clusterId, RandomNumberGenerator.GetHexString(IncarnationDigits, lowercase: true), 0, 0, []);

    /// <returns>Null when the table has changed since it was read, or already holds the silo.</returns>
    public MembershipState? Insert(MembershipEntry entry, TableVersion next, ProcessStamp? process)
    {
        if (next.VersionEtag != TableVersion.VersionEtag || IndexOf(entry.SiloAddress) >= 0)
        {
            return null;
        }

        return With(next.Version, Rows.Add(MembershipRow.From(entry, Changes + 1, process)));
    }

    /// <returns>Null when the table or the row has changed since it was read, or the silo is not in it.</returns>
    public MembershipState? Update(MembershipEntry entry, string etag, TableVersion next)
    {
        int index = IndexOf(entry.SiloAddress);
        if (next.VersionEtag != TableVersion.VersionEtag || index < 0 || Rows[index].Etag != etag)
        {
            return null;
        }

        return With(next.Version, Rows.SetItem(index, MembershipRow.From(entry, Changes + 1, Rows[index].Process)));
    }

    /// <summary>Declares dead every silo that <paramref name="isGone"/> says cannot be alive.</summary>
    /// <returns>This state itself when there is none.</returns>
    public MembershipState DeclareDead(Predicate<MembershipRow> isGone)
    {
        if (!Rows.Any(IsLost))
        {
            return this;
        }

        return With(Version + 1, [.. Rows.Select(row => IsLost(row) ? row.DeclaredDead(Changes + 1) : row)]);

        bool IsLost(MembershipRow row) => row.Status != SiloStatus.Dead && isGone(row);
    }

    /// <summary>Drops dead rows not updated since <paramref name="before"/>; neither version nor etags
    /// change.</summary>
    /// <returns>This state itself when there is none.</returns>
    public MembershipState WithoutDefunct(DateTimeOffset before, Func<SiloAddress, DateTime?> heartbeatOf)
    {
        ImmutableArray<MembershipRow> kept = Rows.RemoveAll(row =>
            row.Status == SiloStatus.Dead
            && row.LastUpdate < before.UtcDateTime
            && (heartbeatOf(row.Silo) is not { } heartbeat || heartbeat < before.UtcDateTime));
        return kept.Length == Rows.Length ? this : this with { Rows = kept };
    }

    /// <summary>What Orleans reads: all rows, or the one of <paramref name="only"/>.</summary>
    /// <param name="heartbeatOf">The last heartbeat of a silo; its row's own time when it has none.</param>
    /// <param name="only">A silo, or null for all.</param>
    public MembershipTableData ToData(Func<SiloAddress, DateTime?> heartbeatOf, SiloAddress? only = null)
    {
        List<Tuple<MembershipEntry, string>> members = [.. Rows
            .Where(row => only is null || row.Silo.Equals(only))
            .Select(row => Tuple.Create(row.ToEntry(heartbeatOf(row.Silo)), row.Etag))];
        return new MembershipTableData(members, TableVersion);
    }

    private MembershipState With(int version, ImmutableArray<MembershipRow> rows) =>
        this with { Changes = Changes + 1, Version = version, Rows = rows };

    private int IndexOf(SiloAddress silo)
    {
        for (int index = 0; index < Rows.Length; index++)
        {
            if (Rows[index].Silo.Equals(silo))
            {
                return index;
            }
        }

        return -1;
    }
}
