using System.Net;
using Millrace.Network.Exchange.Calls;

namespace Millrace.Network.Exchange;

/// <summary>Where a silo takes records, as deployments carry it: <c>address:port</c> of its sockets, or
/// <c>address:port@generation</c> of the silo itself for grain calls.</summary>
internal static class ExchangeEndPoint
{
    /// <exception cref="FormatException">It is neither.</exception>
    public static EndPoint Parse(string text) => text.Contains('@', StringComparison.Ordinal)
        ? new GrainCallEndPoint(SiloAddress.FromParsableString(text).ToParsableString())
        : IPEndPoint.Parse(text);

    /// <summary>Both ends of a connection are of one kind.</summary>
    /// <exception cref="ExchangeRefusedException">They are not.</exception>
    public static void RequireSameWay(EndPoint here, EndPoint there)
    {
        if (here.GetType() != there.GetType())
        {
            throw new ExchangeRefusedException(
                $"The silo at {there} takes records by {WayOf(there)}, and this one sends them by {WayOf(here)}: "
                + "Millrace:Exchange:Transport must be the same on all silos.");
        }
    }

    private static ExchangeTransport WayOf(EndPoint endPoint) =>
        endPoint is GrainCallEndPoint ? ExchangeTransport.GrainCalls : ExchangeTransport.Tcp;
}
