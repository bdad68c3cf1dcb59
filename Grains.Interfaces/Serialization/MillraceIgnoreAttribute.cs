namespace Millrace.Serialization;

/// <summary>
/// Leaves a member out of the record: it is not written, and after reading it holds what the constructor gave it.
/// For caches and the like.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Event)]
public sealed class MillraceIgnoreAttribute : Attribute;
