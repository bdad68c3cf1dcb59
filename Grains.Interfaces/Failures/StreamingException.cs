namespace Millrace.Failures;

/// <summary>Root of every error this product raises on purpose.</summary>
[GenerateSerializer, Alias("millrace.StreamingException")]
public abstract class StreamingException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What the job is to do about it: restart from the last checkpoint, or stop for good.</summary>
    public abstract Recovery Recovery { get; }
}
