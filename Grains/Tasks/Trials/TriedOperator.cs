using Millrace.Jobs;

namespace Millrace.Tasks.Trials;

/// <summary>What an operator of a program made of the state it was to take over.</summary>
/// <param name="Id">The operator.</param>
/// <param name="Refusal">Why it cannot take it over, as a restore would say; null when it can, or that is not
/// known.</param>
/// <param name="Trouble">What its own code threw when it was opened, so that no more is known of it; or null.</param>
/// <param name="Unasked">States that were kept and that it did not ask for when it was opened.</param>
internal sealed record TriedOperator(
    OperatorId Id, string? Refusal, string? Trouble, IReadOnlyList<string> Unasked);
