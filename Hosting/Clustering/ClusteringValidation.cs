using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Millrace.Clustering;

/// <summary>Refuses clustering settings that cannot work, with a text that says what to write instead.</summary>
internal static class ClusteringValidation
{
    public const string Supported =
        "supported are File (one machine), InProcess (one process), AzureStorage, Redis and AdoNet";

    private const int MaxIdLength = 150;

    public static void ThrowIfInvalid(ClusteringOptions options)
    {
        List<string> failures = [];
        CheckId(nameof(options.ClusterId), options.ClusterId, failures);
        CheckId(nameof(options.ServiceId), options.ServiceId, failures);
        CheckProvider(options, failures);
        CheckMembership(options.Membership, failures);
        if (failures.Count > 0)
        {
            Refuse([.. failures]);
        }
    }

    [DoesNotReturn]
    public static void Refuse(params string[] failures) =>
        throw new OptionsValidationException(ClusteringOptions.Section, typeof(ClusteringOptions), failures);

    private static void CheckId(string name, string? value, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > MaxIdLength || value.Any(char.IsControl))
        {
            failures.Add($"{Key(name)} is '{value}'; it needs 1 to {MaxIdLength} printable characters.");
        }
    }

    private static void CheckProvider(ClusteringOptions options, List<string> failures)
    {
        switch (options.Provider)
        {
            case ClusteringProvider.File:
                Need(options.Directory, nameof(options.Directory), options, failures);
                CheckRange(
                    nameof(options.LockTimeout),
                    options.LockTimeout,
                    TimeSpan.FromMilliseconds(100),
                    TimeSpan.FromMinutes(5),
                    failures);
                break;
            case ClusteringProvider.InProcess when options.InProcess is null:
                failures.Add(
                    $"{Key(nameof(options.Provider))} InProcess joins silos and clients inside one process: give "
                    + $"all of them one {nameof(InProcessMembership)} in {nameof(ClusteringOptions)}."
                    + $"{nameof(options.InProcess)}. A silo process of its own takes File.");
                break;
            case ClusteringProvider.InProcess:
                break;
            case ClusteringProvider.AzureStorage:
                Need(options.ConnectionString, nameof(options.ConnectionString), options, failures);
                AzureTableClustering.Check(
                    options.ConnectionString, Key(nameof(options.ConnectionString)), failures);
                break;
            case ClusteringProvider.Redis:
                Need(options.ConnectionString, nameof(options.ConnectionString), options, failures);
                break;
            case ClusteringProvider.AdoNet:
                Need(options.ConnectionString, nameof(options.ConnectionString), options, failures);
                Need(options.Invariant, nameof(options.Invariant), options, failures);
                break;
            case ClusteringProvider.AzureBlob:
                failures.Add($"{Key(nameof(options.Provider))} AzureBlob is not available yet; {Supported}.");
                break;
            default:
                failures.Add($"{Key(nameof(options.Provider))} is '{options.Provider}'; {Supported}.");
                break;
        }
    }

    private static void CheckMembership(MembershipOptions membership, List<string> failures)
    {
        TimeSpan half = TimeSpan.FromMilliseconds(500);
        TimeSpan minutes = TimeSpan.FromMinutes(5);
        Check(nameof(membership.ProbeTimeout), membership.ProbeTimeout, half, TimeSpan.FromMinutes(1));
        Check(nameof(membership.MaxProbeTimeout), membership.MaxProbeTimeout, membership.ProbeTimeout, minutes);
        Check(nameof(membership.MissedProbes), membership.MissedProbes, 1, 100);
        Check(nameof(membership.Votes), membership.Votes ?? 1, 1, 10);
        Check(nameof(membership.TableRefresh), membership.TableRefresh, half, minutes);
        Check(nameof(membership.HeartbeatPeriod), membership.HeartbeatPeriod, half, minutes);
        Check(nameof(membership.JoinTimeout), membership.JoinTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        Check(nameof(membership.CallTimeout), membership.CallTimeout, TimeSpan.FromSeconds(1), 2 * minutes);
        Check(
            nameof(membership.GrainIdleAge), membership.GrainIdleAge, TimeSpan.FromMinutes(2), TimeSpan.FromDays(30));

        void Check<T>(string name, T value, T least, T most)
            where T : IComparable<T> =>
            CheckRange($"{nameof(ClusteringOptions.Membership)}:{name}", value, least, most, failures);
    }

    private static void Need(string? value, string name, ClusteringOptions options, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            failures.Add($"{Key(name)} is missing; provider {options.Provider} needs it.");
        }
    }

    private static void CheckRange<T>(string name, T value, T least, T most, List<string> failures)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            failures.Add($"{Key(name)} is {value}; it must lie between {least} and {most}.");
        }
    }

    private static string Key(string name) => $"{ClusteringOptions.Section}:{name}";
}
