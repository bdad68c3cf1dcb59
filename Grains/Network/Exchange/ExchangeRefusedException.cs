using Millrace.Failures;

namespace Millrace.Network.Exchange;

/// <summary>Two silos cannot talk as they are set up: secret, cluster or protocol differ.</summary>
/// <param name="message">Names the silos or their addresses, and what differs.</param>
[GenerateSerializer, Alias("millrace.ExchangeRefusedException")]
internal sealed class ExchangeRefusedException(string message) : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
