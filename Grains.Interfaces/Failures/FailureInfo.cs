using Millrace.Checkpointing;

namespace Millrace.Failures;

/// <summary>
/// A failure as it crosses a wire: never the exception object, whose type only the job's own code may know.
/// </summary>
/// <param name="TypeName">Full name of the exception's type.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="StackTrace">The exception's text with its stack and inner exceptions; empty when it was never
/// thrown.</param>
/// <param name="Recovery">Whether running again can help.</param>
/// <param name="Place">Where it happened.</param>
[GenerateSerializer, Immutable, Alias("millrace.FailureInfo")]
public sealed record FailureInfo(
    [property: Id(0)] string TypeName,
    [property: Id(1)] string Message,
    [property: Id(2)] string StackTrace,
    [property: Id(3)] Recovery Recovery,
    [property: Id(4)] FailurePlace Place)
{
    /// <summary>Whether whoever was to go on from a checkpoint found it damaged; false also for damage that the job's
    /// own code met when it read one.</summary>
    [Id(5)]
    public bool IsOfRestore { get; init; }

    /// <summary>Describes an exception.</summary>
    /// <param name="exception">The failure; a <see cref="StreamingException"/> says itself whether a restart helps,
    /// anything else is worth one.</param>
    /// <param name="place">Where it happened.</param>
    public static FailureInfo Of(Exception exception, FailurePlace? place = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Recovery recovery = exception is StreamingException streaming ? streaming.Recovery : Recovery.Restart;
        return new FailureInfo(
            exception.GetType().FullName ?? exception.GetType().Name,
            exception.Message,
            exception.ToString(),
            recovery,
            place ?? FailurePlace.Unknown)
        {
            IsOfRestore = exception is CheckpointCorruptedException { IsOfRestore: true },
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{TypeName}: {Message}{Place}";
}
