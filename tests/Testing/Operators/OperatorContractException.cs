namespace Millrace.Operators;

/// <summary>An operator does not keep its contract.</summary>
/// <param name="how">How it was run.</param>
/// <param name="what">What is wrong.</param>
public sealed class OperatorContractException(string how, string what) : Exception($"{what} ({how})");
