namespace Millrace.Serialization.Shapes;

/// <summary>Shapes as a graph, which may have cycles.</summary>
internal static class ShapeGraph
{
    /// <summary>Most parts a shape may have: far more than a program's records are made of.</summary>
    public const int MaxNodes = 4_096;

    /// <summary>What a shape is made of, without what those are made of.</summary>
    public static IEnumerable<TypeShape> ChildrenOf(TypeShape shape)
    {
        if (shape.Key is not null)
        {
            yield return shape.Key;
        }

        if (shape.Element is not null)
        {
            yield return shape.Element;
        }

        foreach (ShapeMember member in shape.Members)
        {
            yield return member.Shape;
        }
    }

    /// <summary>A shape and all it is made of, each once.</summary>
    public static List<TypeShape> NodesOf(TypeShape root)
    {
        List<TypeShape> nodes = [root];
        HashSet<TypeShape> seen = new(ReferenceEqualityComparer.Instance) { root };
        for (int i = 0; i < nodes.Count; i++)
        {
            nodes.AddRange(ChildrenOf(nodes[i]).Where(seen.Add));
        }

        return nodes;
    }
}
