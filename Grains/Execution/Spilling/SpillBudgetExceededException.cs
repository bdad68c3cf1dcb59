using Millrace.Failures;

namespace Millrace.Execution.Spilling;

/// <summary>Jobs on a silo keep more aside than they may.</summary>
/// <param name="wanted">Bytes that were to be written.</param>
/// <param name="used">Bytes that stand there.</param>
/// <param name="limit">Bytes that are allowed.</param>
[GenerateSerializer, Alias("millrace.SpillBudgetExceededException")]
internal sealed class SpillBudgetExceededException(long wanted, long used, long limit)
    : StreamingException(
        $"{wanted} more bytes were to be spilled to the disk where {used} stand already; {limit} are allowed " +
        $"(Millrace:Batch:{nameof(BatchOptions.MaxSpillBytes)}).")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
