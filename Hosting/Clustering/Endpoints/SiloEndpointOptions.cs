using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Millrace.Execution.Settings;

namespace Millrace.Clustering.Endpoints;

/// <summary>Where a silo listens. Section <c>Millrace:Silo</c>.</summary>
public sealed class SiloEndpointOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Silo";

    /// <summary>The IP address the silo listens on. Default 127.0.0.1: nobody outside the machine reaches it.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The IP address other silos and clients use, when it is not <see cref="Address"/>, as behind a mapped
    /// port.
    /// Needed when <see cref="Address"/> is 0.0.0.0 or ::.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Port for other silos. Default 0: any free one.</summary>
    public int SiloPort { get; set; }

    /// <summary>Port for clients. Default 0: any free one.</summary>
    public int GatewayPort { get; set; }

    /// <summary>Reads the section <see cref="Section"/>; what it does not name keeps its default.</summary>
    public static SiloEndpointOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        SettingSections.RequireValues<SiloEndpointOptions>(section);
        var options = new SiloEndpointOptions();
        section.Bind(options);
        return options;
    }

    /// <summary>The addresses to listen on and to tell others.</summary>
    /// <exception cref="OptionsValidationException">A setting cannot work; the text says what it must be.</exception>
    internal (IPAddress Listening, IPAddress Advertised) Resolve()
    {
        List<string> failures = [];
        IPAddress? listening = Parse(nameof(Address), Address, failures);
        IPAddress? advertised = AdvertisedAddress is null
            ? listening
            : Parse(nameof(AdvertisedAddress), AdvertisedAddress, failures);
        if (IPAddress.Any.Equals(advertised) || IPAddress.IPv6Any.Equals(advertised))
        {
            failures.Add(
                $"{Section}:{nameof(AdvertisedAddress)} must name the address others reach this silo "
                + $"at, because it listens on {advertised}.");
        }

        CheckPort(nameof(SiloPort), SiloPort, failures);
        CheckPort(nameof(GatewayPort), GatewayPort, failures);
        if (SiloPort != 0 && SiloPort == GatewayPort)
        {
            failures.Add(
                $"{Section}:{nameof(SiloPort)} and {nameof(GatewayPort)} are both {SiloPort}; they must differ.");
        }

        return failures.Count == 0
            ? (listening!, advertised!)
            : throw new OptionsValidationException(Section, typeof(SiloEndpointOptions), failures);
    }

    private static IPAddress? Parse(string name, string text, List<string> failures)
    {
        if (string.Equals(text, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return address;
        }

        failures.Add($"{Section}:{name} is '{text}'; it must be an IP address or 'localhost'.");
        return null;
    }

    private static void CheckPort(string name, int port, List<string> failures)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            failures.Add(
                $"{Section}:{name} is {port}; it must lie between 0 (any free port) and {IPEndPoint.MaxPort}.");
        }
    }
}
