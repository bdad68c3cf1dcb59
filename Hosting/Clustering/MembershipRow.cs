using System.Collections.Immutable;
using System.Globalization;

namespace Millrace.Clustering;

/// <summary>One silo in a membership table, immutable.</summary>
internal sealed record MembershipRow
{
    public required SiloAddress Silo { get; init; }

    public required SiloStatus Status { get; init; }

    /// <summary>The count of changes of the table when this row was last written.</summary>
    public required long ChangedAt { get; init; }

    public required string SiloName { get; init; }

    public required string HostName { get; init; }

    /// <summary>Zero: takes no clients.</summary>
    public required int GatewayPort { get; init; }

    public required DateTime StartTime { get; init; }

    /// <summary>As of the last change of the row; a later heartbeat counts more.</summary>
    public required DateTime AliveTime { get; init; }

    public string? RoleName { get; init; }

    public int UpdateZone { get; init; }

    public int FaultZone { get; init; }

    public ImmutableArray<MembershipSuspicion> Suspicions { get; init; } = [];

    /// <summary>The process the silo runs in; null when not known.</summary>
    public ProcessStamp? Process { get; init; }

    public string Etag => ChangedAt.ToString(CultureInfo.InvariantCulture);

    /// <summary>The latest sign that anybody knew of the silo: its start, its heartbeat, a vote against it.</summary>
    public DateTime LastUpdate =>
        Suspicions.Select(suspicion => suspicion.Time).Append(StartTime).Append(AliveTime).Max();

    public static MembershipRow From(MembershipEntry entry, long changedAt, ProcessStamp? process) => new()
    {
        Silo = entry.SiloAddress,
        Status = entry.Status,
        ChangedAt = changedAt,
        SiloName = entry.SiloName ?? "",
        HostName = entry.HostName ?? "",
        GatewayPort = entry.ProxyPort,
        StartTime = Utc(entry.StartTime),
        AliveTime = Utc(entry.IAmAliveTime),
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        Suspicions = [.. (entry.SuspectTimes ?? [])
            .Select(vote => new MembershipSuspicion(vote.Item1, Utc(vote.Item2)))],
        Process = process,
    };

    public MembershipRow DeclaredDead(long changedAt) => this with { Status = SiloStatus.Dead, ChangedAt = changedAt };

    public MembershipEntry ToEntry(DateTime? heartbeat) => new()
    {
        SiloAddress = Silo,
        Status = Status,
        SiloName = SiloName,
        HostName = HostName,
        ProxyPort = GatewayPort,
        StartTime = StartTime,
        IAmAliveTime = heartbeat > AliveTime ? heartbeat.Value : AliveTime,
        RoleName = RoleName,
        UpdateZone = UpdateZone,
        FaultZone = FaultZone,
        SuspectTimes = [.. Suspicions.Select(suspicion => Tuple.Create(suspicion.Silo, suspicion.Time))],
    };

    /// <summary>The address clients connect to, in the form Orleans reads gateways; null when there is none to be
    /// had.</summary>
    public Uri? ToGateway() => Status == SiloStatus.Active && GatewayPort != 0
        ? SiloAddress.New(Silo.Endpoint.Address, GatewayPort, Silo.Generation).ToGatewayUri()
        : null;

    private static DateTime Utc(DateTime time) =>
        time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
