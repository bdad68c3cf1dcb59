using Orleans.Configuration;

namespace Millrace.Clustering;

/// <summary>The Orleans settings of every silo, whatever the provider. Nothing else sets them.</summary>
/// <remarks>
/// Activation repartitioning and rebalancing are opt-in in Orleans and stay off: a task grain belongs to its silo.
/// </remarks>
internal static class MembershipSettings
{
    private const int MissedHeartbeats = 3;

    public static void Apply(ISiloBuilder silo, ClusteringOptions clustering)
    {
        MembershipOptions membership = clustering.Membership;
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = membership.ProbeTimeout;
            options.MaxProbeTimeout = membership.MaxProbeTimeout;
            options.NumMissedProbesLimit = membership.MissedProbes;
            options.NumVotesForDeathDeclaration = VotesFor(clustering);
            options.TableRefreshTimeout = membership.TableRefresh;
            options.IAmAliveTablePublishTimeout = membership.HeartbeatPeriod;
            options.NumMissedTableIAmAliveLimit = MissedHeartbeats;
            options.MaxJoinAttemptTime = membership.JoinTimeout;
            options.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });

        // Else no grain that a lost silo had, or kept the entry of, begins elsewhere for half a minute after its death
        // was noticed: no twin of it shall be alive. Ours may be: a job's epoch shuts the older one out
        // (docs/adr/0022).
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.ResponseTimeout = membership.CallTimeout;
            options.SystemResponseTimeout = membership.CallTimeout;
        });
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = membership.GrainIdleAge);
    }

    /// <summary>One vote where all silos share a machine; else two, of which Orleans asks no more than half of the
    /// silos alive.</summary>
    private static int VotesFor(ClusteringOptions clustering) =>
        clustering.Membership.Votes
        ?? (clustering.Provider is ClusteringProvider.File or ClusteringProvider.InProcess ? 1 : 2);
}
