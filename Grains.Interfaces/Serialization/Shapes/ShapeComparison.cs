namespace Millrace.Serialization.Shapes;

/// <summary>Whether two shapes stand for the same bytes. Shapes may contain themselves.</summary>
internal static class ShapeComparison
{
    public static bool AreEqual(TypeShape left, TypeShape right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        // Parts are taken for equal as far as they have been compared; differences show elsewhere. What is taken for
        // equal has one leader, so that there are no more steps than parts, however these refer to each other.
        Dictionary<TypeShape, TypeShape> leaders = new(ReferenceEqualityComparer.Instance);
        Queue<(TypeShape, TypeShape)> open = new([(left, right)]);
        while (open.TryDequeue(out (TypeShape Left, TypeShape Right) pair))
        {
            TypeShape first = LeaderOf(pair.Left, leaders);
            TypeShape second = LeaderOf(pair.Right, leaders);
            if (ReferenceEquals(first, second))
            {
                continue;
            }

            if (!AreAlike(pair.Left, pair.Right))
            {
                return false;
            }

            leaders[first] = second;
            foreach ((TypeShape, TypeShape) children in
                ShapeGraph.ChildrenOf(pair.Left).Zip(ShapeGraph.ChildrenOf(pair.Right)))
            {
                open.Enqueue(children);
            }
        }

        return true;
    }

    private static TypeShape LeaderOf(TypeShape shape, Dictionary<TypeShape, TypeShape> leaders)
    {
        while (leaders.TryGetValue(shape, out TypeShape? next))
        {
            // Halves the way for whoever asks next.
            if (leaders.TryGetValue(next, out TypeShape? afterNext))
            {
                leaders[shape] = afterNext;
            }

            shape = next;
        }

        return shape;
    }

    /// <summary>Compares all but the children, of which there are equally many when it holds.</summary>
    private static bool AreAlike(TypeShape left, TypeShape right) =>
        left.Kind == right.Kind
        && left.Version == right.Version
        && (left.Kind != ShapeKind.Opaque || left.Name == right.Name)
        && left.Element is null == right.Element is null
        && left.Key is null == right.Key is null
        && left.Members.Select(member => member.Name).SequenceEqual(right.Members.Select(member => member.Name));
}
