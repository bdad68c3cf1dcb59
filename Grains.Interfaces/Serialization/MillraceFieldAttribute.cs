namespace Millrace.Serialization;

/// <summary>Names a member bore before: data written under an old name is read into the member marked.</summary>
/// <remarks>
/// On a positional record it may stand on the parameter. Old names are tried only when the data has no member with the
/// present name.
/// </remarks>
/// <param name="oldNames">Former names, at least one.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class MillraceFieldAttribute(params string[] oldNames) : Attribute
{
    /// <summary>Former names of the member.</summary>
    public IReadOnlyList<string> OldNames { get; } = oldNames;
}
