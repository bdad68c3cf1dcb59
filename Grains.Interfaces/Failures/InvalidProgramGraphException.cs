namespace Millrace.Failures;

/// <summary>A program asks for a graph that cannot run; found before anything was deployed.</summary>
[GenerateSerializer, Alias("millrace.InvalidProgramGraphException")]
public sealed class InvalidProgramGraphException(string message, Exception? innerException = null)
    : StreamingException(message, innerException)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
