using Millrace.Failures;

namespace Millrace.Slots;

/// <summary>A job needs more slots than it could get.</summary>
/// <param name="wanted">Slots the job needs.</param>
/// <param name="free">Slots that were free at the end of the wait.</param>
/// <param name="total">Slots of the cluster, free or not.</param>
/// <param name="waited">How long it waited.</param>
[GenerateSerializer, Alias("millrace.NoResourceAvailableException")]
public sealed class NoResourceAvailableException(int wanted, int free, int total, TimeSpan waited)
    : StreamingException(
        $"NoResourceAvailable: the job needs {wanted} slots, {free} of the cluster's {total} were free after " +
        $"{waited.TotalSeconds:0.#} s. Lower the parallelism, start more silos or silos with more slots, " +
        "or end other jobs.")
{
    /// <summary>Slots the job needs.</summary>
    [Id(0)]
    public int Wanted { get; } = wanted;

    /// <summary>Slots that were free at the end of the wait.</summary>
    [Id(1)]
    public int Free { get; } = free;

    /// <summary>Slots of the cluster, free or not.</summary>
    [Id(2)]
    public int Total { get; } = total;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
