namespace Millrace.Serialization.Shapes;

/// <summary>
/// Finds the structs and classes that can be reached from themselves: every cycle of types goes through one.
/// </summary>
/// <remarks>
/// Tarjan's strongly connected components. Without recursion and in time proportional to the size of the shape, since
/// a shape read from bytes may be as large and as deep as these say.
/// </remarks>
internal sealed class ShapeCycles
{
    private readonly Dictionary<TypeShape, Node> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Node> _open = [];

    private ShapeCycles()
    {
    }

    /// <summary>Sets <see cref="TypeShape.IsRecursive"/> of shapes and of all they are made of.</summary>
    public static void Mark(IEnumerable<TypeShape> shapes)
    {
        ShapeCycles cycles = new();
        foreach (TypeShape shape in shapes)
        {
            if (!cycles._nodes.ContainsKey(shape))
            {
                cycles.Visit(shape);
            }
        }
    }

    private void Visit(TypeShape root)
    {
        Stack<Node> path = new([Enter(root)]);
        while (path.TryPeek(out Node? node))
        {
            if (!node.Children.MoveNext())
            {
                path.Pop();
                Leave(node, path);
            }
            else if (!_nodes.TryGetValue(node.Children.Current, out Node? child))
            {
                path.Push(Enter(node.Children.Current));
            }
            else if (child.IsOpen)
            {
                node.Lowest = Math.Min(node.Lowest, child.Number);
                node.ContainsItself |= ReferenceEquals(child, node);
            }
        }
    }

    private Node Enter(TypeShape shape)
    {
        Node node = new(shape, _nodes.Count);
        _nodes.Add(shape, node);
        _open.Push(node);
        return node;
    }

    private void Leave(Node node, Stack<Node> path)
    {
        if (path.TryPeek(out Node? parent))
        {
            parent.Lowest = Math.Min(parent.Lowest, node.Lowest);
        }

        if (node.Lowest < node.Number)
        {
            return;
        }

        bool isCycle = !ReferenceEquals(_open.Peek(), node) || node.ContainsItself;
        Node member;
        do
        {
            member = _open.Pop();
            member.IsOpen = false;
            if (member.Shape.Kind is ShapeKind.Class or ShapeKind.Struct)
            {
                member.Shape.IsRecursive = isCycle;
            }
        }
        while (!ReferenceEquals(member, node));
    }

    private sealed class Node(TypeShape shape, int number)
    {
        public TypeShape Shape => shape;

        public int Number { get; } = number;

        public IEnumerator<TypeShape> Children { get; } = ShapeGraph.ChildrenOf(shape).GetEnumerator();

        /// <summary>The lowest number of what can be reached and is still open.</summary>
        public int Lowest { get; set; } = number;

        public bool IsOpen { get; set; } = true;

        public bool ContainsItself { get; set; }
    }
}
