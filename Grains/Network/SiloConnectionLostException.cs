using Millrace.Failures;

namespace Millrace.Network;

/// <summary>The way to another silo is broken, or never came about.</summary>
/// <param name="message">Names the silo or its address, and what happened.</param>
/// <param name="innerException">What the transport says, if it says something.</param>
[GenerateSerializer, Alias("millrace.SiloConnectionLostException")]
internal sealed class SiloConnectionLostException(string message, Exception? innerException = null)
    : StreamingException(message, innerException)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
