using System.Reflection;
using Millrace.Serialization.Collections;
using Millrace.Serialization.Shapes;

namespace Millrace.Serialization;

/// <summary>Passes over values of members that a type no longer has. Serves all subtasks at once.</summary>
internal sealed class ShapeSkipper
{
    private readonly TypeShape _written;
    private readonly Dictionary<TypeShape, SkipOne> _opaque = new(ReferenceEqualityComparer.Instance);

    public ShapeSkipper(TypeShape written, OpaqueReader opaque)
    {
        _written = written;
        foreach (TypeShape shape in ShapeGraph.NodesOf(written).Where(shape => shape.Kind == ShapeKind.Opaque))
        {
            TypeSerializer serializer = opaque.Find(shape)
                ?? throw new InvalidOperationException($"Nobody reads {shape.Name}; that is checked before.");
            _opaque.Add(shape, ReadAwayBy(serializer));
        }
    }

    private delegate void SkipOne(ref RecordReader reader);

    /// <summary>Passes over one value.</summary>
    public void Skip(ref RecordReader reader) => SkipValue(ref reader, _written);

    private void SkipValue(ref RecordReader reader, TypeShape shape)
    {
        if (shape.FixedBytes > 0)
        {
            reader.Skip(shape.FixedBytes);
            return;
        }

        // Whatever the bytes say, they cannot nest deeper than this.
        reader.Enter();
        switch (shape.Kind)
        {
            case ShapeKind.String or ShapeKind.Uri or ShapeKind.Version:
                reader.ReadString();
                break;
            case ShapeKind.BigInteger:
                reader.ReadBytes();
                break;
            case ShapeKind.Nullable when reader.ReadBoolean():
                SkipValue(ref reader, shape.Element!);
                break;
            case ShapeKind.Sequence or ShapeKind.Set or ShapeKind.Map:
                SkipElements(ref reader, shape);
                break;
            case ShapeKind.Struct:
                SkipMembers(ref reader, shape);
                break;
            case ShapeKind.Class when reader.ReadBoolean():
                SkipMembers(ref reader, shape);
                break;
            case ShapeKind.Opaque:
                _opaque[shape](ref reader);
                break;
            default:
                break;
        }

        reader.Leave();
    }

    private void SkipMembers(ref RecordReader reader, TypeShape shape)
    {
        foreach (ShapeMember member in shape.WireOrder)
        {
            SkipValue(ref reader, member.Shape);
        }
    }

    private void SkipElements(ref RecordReader reader, TypeShape shape)
    {
        int count = CollectionPrefix.Read(ref reader, shape.Element!.MinBytes + (shape.Key?.MinBytes ?? 0));
        if (count >= 0 && shape.Kind != ShapeKind.Sequence)
        {
            reader.Skip(1);
        }

        for (int i = 0; i < count; i++)
        {
            if (shape.Key is not null)
            {
                SkipValue(ref reader, shape.Key);
            }

            SkipValue(ref reader, shape.Element);
        }
    }

    private static SkipOne ReadAwayBy(TypeSerializer serializer)
    {
        MethodInfo read = typeof(ShapeSkipper).GetMethod(
            nameof(ReadAway), BindingFlags.Static | BindingFlags.NonPublic)!;
        return read.MakeGenericMethod(serializer.Type).CreateDelegate<SkipOne>(serializer);
    }

    private static void ReadAway<T>(TypeSerializer<T> serializer, ref RecordReader reader) =>
        serializer.Read(ref reader);
}
