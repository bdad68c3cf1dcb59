using System.Runtime.CompilerServices;

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

        // A pair met again while it is being compared is equal as far as it goes; differences show elsewhere.
        HashSet<(TypeShape, TypeShape)> seen = new(PairComparer.Instance);
        Queue<(TypeShape, TypeShape)> open = new([(left, right)]);
        while (open.TryDequeue(out (TypeShape Left, TypeShape Right) pair))
        {
            if (!seen.Add(pair))
            {
                continue;
            }

            if (!AreAlike(pair.Left, pair.Right))
            {
                return false;
            }

            foreach ((TypeShape, TypeShape) children in
                ShapeGraph.ChildrenOf(pair.Left).Zip(ShapeGraph.ChildrenOf(pair.Right)))
            {
                open.Enqueue(children);
            }
        }

        return true;
    }

    /// <summary>Compares all but the children, of which there are equally many when it holds.</summary>
    private static bool AreAlike(TypeShape left, TypeShape right) =>
        left.Kind == right.Kind
        && left.Version == right.Version
        && (left.Kind != ShapeKind.Opaque || left.Name == right.Name)
        && left.Element is null == right.Element is null
        && left.Key is null == right.Key is null
        && left.Members.Select(member => member.Name).SequenceEqual(right.Members.Select(member => member.Name));

    private sealed class PairComparer : IEqualityComparer<(TypeShape, TypeShape)>
    {
        public static readonly PairComparer Instance = new();

        public bool Equals((TypeShape, TypeShape) x, (TypeShape, TypeShape) y) =>
            ReferenceEquals(x.Item1, y.Item1) && ReferenceEquals(x.Item2, y.Item2);

        public int GetHashCode((TypeShape, TypeShape) pair) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Item1), RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
