namespace Millrace.Clustering;

/// <summary>
/// How fast a lost silo is noticed and how patient calls between silos are. Section
/// <c>Millrace:Clustering:Membership</c>.
/// </summary>
/// <remarks>The defaults notice a killed process in about a second and leave a healthy but saturated one
/// alone.</remarks>
public sealed class MembershipOptions
{
    /// <summary>First timeout and period of a probe from silo to silo; Orleans adapts it to the answers it gets.
    /// Default 1 s; 500 ms to 1 min. Below a second a saturated machine loses healthy silos.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest probe timeout, reached only when the probing silo finds itself overloaded. Default 4 s; from
    /// <see cref="ProbeTimeout"/> to 5 min. A silo that hangs with open connections is noticed after this times
    /// <see cref="MissedProbes"/>.</summary>
    public TimeSpan MaxProbeTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Probes missed in a row before a silo is suspected. Default 2; 1 to 100.</summary>
    public int MissedProbes { get; set; } = 2;

    /// <summary>
    /// Silos that must suspect a silo before it is declared dead; 1 to 10. Default: 1 for providers of one machine,
    /// where
    /// no network can part the silos, else 2. A cluster of one or two silos needs one vote whatever is set here.
    /// </summary>
    public int? Votes { get; set; }

    /// <summary>How often each silo reads the table, beside being told of changes. Default 2 s; 500 ms to 5
    /// min.</summary>
    public TimeSpan TableRefresh { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each silo writes its heartbeat; a row is stale after three missed ones. Default 2 s;
    /// 500 ms to 5 min. After the loss of a whole cluster the next start waits for stale rows at most.</summary>
    public TimeSpan HeartbeatPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a starting silo tries to join before it gives up. Default 2 min; 5 s to 1 h.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a call from silo to silo waits for its answer. Default 20 s; 1 s to 10 min.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Idle time after which a grain that is not kept alive is deactivated. Default 2 h; 2 min to 30
    /// days.</summary>
    public TimeSpan GrainIdleAge { get; set; } = TimeSpan.FromHours(2);
}
