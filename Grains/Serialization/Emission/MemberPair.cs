namespace Millrace.Serialization.Emission;

/// <summary>A member as it was written and the one it is read into.</summary>
/// <param name="Written">Its shape in the data.</param>
/// <param name="Target">The present member; null for one that is passed over.</param>
internal sealed record MemberPair(TypeShape Written, ShapeMember? Target)
{
    /// <summary>True when the member is read exactly as it would be written now.</summary>
    public bool IsSame => ReferenceEquals(Written, Target?.Shape);
}
