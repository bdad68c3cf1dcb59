namespace Millrace.Network.Exchange.Frames;

/// <summary>The other end of a connection sends what no silo of this version sends. Ends that connection.</summary>
internal sealed class ExchangeProtocolException(string message) : IOException(message);
