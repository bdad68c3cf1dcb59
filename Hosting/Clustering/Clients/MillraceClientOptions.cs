using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.Execution.Settings;

namespace Millrace.Clustering.Clients;

/// <summary>How patient a client is. Section <c>Millrace:Client</c>.</summary>
public sealed class MillraceClientOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Client";

    /// <summary>How long connecting is tried before <see cref="ClusterUnreachableException"/>. Default 10 s; 100 ms to
    /// 1 h.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between two tries. Default 250 ms; 10 ms to 1 min.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a call waits for its answer; the answer of a gateway that dies never comes. Default 15 s; from
    /// 100 ms to less than 30 s. Calls that wait for something (<see cref="Jobs.IJobGrain.LongestWait"/>) must fit in.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client that waits for the end of a job goes on asking a cluster that does not answer, as
    /// while the silo with the job's grain is replaced, before <see cref="Programs.ClusterLostException"/>. The job
    /// goes on all the while. Default 5 min; 1 s to 1 day.</summary>
    public TimeSpan OutageTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the list of gateways is read again. Default 2 s; 100 ms to 10 min.</summary>
    public TimeSpan GatewayRefresh { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads the section <see cref="Section"/>; what it does not name keeps its default.</summary>
    public static MillraceClientOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        SettingSections.Require<MillraceClientOptions>(section);
        var options = new MillraceClientOptions();
        section.Bind(options);
        return options;
    }

    internal void ThrowIfInvalid()
    {
        List<string> failures = [];
        Check(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Check(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Check(nameof(CallTimeout), CallTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(29_999));
        Check(nameof(OutageTimeout), OutageTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Check(nameof(GatewayRefresh), GatewayRefresh, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Section, typeof(MillraceClientOptions), failures);
        }

        void Check(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                failures.Add($"{Section}:{name} is {value}; it must lie between {least} and {most}.");
            }
        }
    }
}
