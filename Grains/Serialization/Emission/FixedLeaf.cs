namespace Millrace.Serialization.Emission;

/// <summary>One value of fixed size within a run of them.</summary>
/// <param name="Shape">Its shape: simple, or a struct that is copied as a block.</param>
/// <param name="Place">Where it stands in memory.</param>
/// <param name="Offset">Where it stands within the run, in bytes.</param>
internal sealed record FixedLeaf(TypeShape Shape, Place Place, int Offset)
{
    /// <summary>
    /// The kind by which <see cref="FixedCodec"/> writes it; that of the number behind an enumeration.
    /// </summary>
    public ShapeKind Kind => Widening.KindOf(Shape);
}
