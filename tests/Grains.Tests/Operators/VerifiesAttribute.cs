namespace Millrace.Operators;

/// <summary>Tests of this class run an operator with <see cref="OperatorVerifier"/> or its sibling for two
/// inputs.</summary>
/// <param name="operatorType">The operator, open where it is generic.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class VerifiesAttribute(Type operatorType) : Attribute
{
    public Type OperatorType { get; } = operatorType;
}
