namespace Millrace.Serialization.Emission;

/// <summary>Neighbouring values of fixed size: room for all of them is made, or checked, once.</summary>
internal sealed class FixedRun
{
    // Beyond this a struct gets a method of its own instead of being spelled out wherever it occurs.
    private const int MaxLeaves = 64;

    private readonly List<FixedLeaf> _leaves = [];

    /// <summary>The values in order.</summary>
    public IReadOnlyList<FixedLeaf> Leaves => _leaves;

    /// <summary>Bytes of the run.</summary>
    public int Bytes { get; private set; }

    /// <summary>True when values of a shape can be part of a run.</summary>
    public static bool Takes(TypeShape shape) =>
        shape.FixedBytes > 0 && (BlockLayout.IsBlock(shape) || LeavesOf(shape) <= MaxLeaves);

    /// <summary>Appends bytes that hold something else.</summary>
    public void Skip(int bytes) => Bytes += bytes;

    /// <summary>Appends a value.</summary>
    public void Add(TypeShape shape, Place place)
    {
        if (shape.Kind == ShapeKind.Struct && !BlockLayout.IsBlock(shape))
        {
            foreach (ShapeMember member in shape.WireOrder)
            {
                Add(member.Shape, place.Then(member.Field!));
            }

            return;
        }

        _leaves.Add(new FixedLeaf(shape, place, Bytes));
        Bytes += shape.FixedBytes;
    }

    private static int LeavesOf(TypeShape shape)
    {
        if (shape.Kind != ShapeKind.Struct || BlockLayout.IsBlock(shape))
        {
            return 1;
        }

        if (shape.Members.Count == 0)
        {
            // Its byte stands for nothing and is written by itself.
            return MaxLeaves + 1;
        }

        int leaves = 0;
        foreach (ShapeMember member in shape.Members)
        {
            leaves = Math.Min(leaves + LeavesOf(member.Shape), MaxLeaves + 1);
            if (leaves > MaxLeaves)
            {
                break;
            }
        }

        return leaves;
    }
}
