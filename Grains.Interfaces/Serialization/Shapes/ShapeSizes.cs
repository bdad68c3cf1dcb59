namespace Millrace.Serialization.Shapes;

/// <summary>How many bytes values of a shape take.</summary>
internal static class ShapeSizes
{
    /// <summary>Sets the sizes of all parts of a shape whose parts are linked.</summary>
    /// <returns>A struct that contains itself as a value and therefore has no size; null when there is none.</returns>
    public static TypeShape? Settle(IReadOnlyCollection<TypeShape> shapes)
    {
        // Each struct once, after the structs it holds; without recursion, since a shape read from bytes may be as deep
        // as it is large.
        Dictionary<TypeShape, int> missing = new(ReferenceEqualityComparer.Instance);
        Dictionary<TypeShape, List<TypeShape>> holders = new(ReferenceEqualityComparer.Instance);
        Queue<TypeShape> ready = [];
        foreach (TypeShape shape in shapes)
        {
            IEnumerable<TypeShape> inner = shape.Members.Select(member => member.Shape)
                .Where(member => shape.Kind == ShapeKind.Struct && member.Kind == ShapeKind.Struct);
            missing[shape] = 0;
            foreach (TypeShape member in inner)
            {
                missing[shape]++;
                (holders.TryGetValue(member, out List<TypeShape>? list) ? list : holders[member] = []).Add(shape);
            }

            if (shape.Kind != ShapeKind.Struct)
            {
                shape.FixedBytes = FixedBytesOf(shape.Kind == ShapeKind.Enum ? shape.Element!.Kind : shape.Kind);
                shape.MinBytes = Math.Max(shape.FixedBytes, 1);
            }
            else if (missing[shape] == 0)
            {
                ready.Enqueue(shape);
            }
        }

        while (ready.TryDequeue(out TypeShape? shape))
        {
            SettleStruct(shape);
            foreach (TypeShape holder in holders.GetValueOrDefault(shape) ?? [])
            {
                if (--missing[holder] == 0)
                {
                    ready.Enqueue(holder);
                }
            }
        }

        return shapes.FirstOrDefault(shape => missing[shape] > 0);
    }

    private static void SettleStruct(TypeShape shape)
    {
        // A struct without members takes one byte: a count of nothing must not stand for any number of elements.
        long min = Math.Max(shape.Members.Sum(member => (long)member.Shape.MinBytes), 1);
        shape.MinBytes = (int)Math.Min(min, RecordLimits.MaxBytes);
        shape.FixedBytes = shape.Members.All(member => member.Shape.FixedBytes > 0) ? shape.MinBytes : 0;
    }

    private static int FixedBytesOf(ShapeKind kind) => kind switch
    {
        ShapeKind.Boolean => FixedCodec.BooleanBytes,
        ShapeKind.Byte => FixedCodec.ByteBytes,
        ShapeKind.SByte => FixedCodec.SByteBytes,
        ShapeKind.Int16 => FixedCodec.Int16Bytes,
        ShapeKind.UInt16 => FixedCodec.UInt16Bytes,
        ShapeKind.Char => FixedCodec.CharBytes,
        ShapeKind.Int32 => FixedCodec.Int32Bytes,
        ShapeKind.UInt32 => FixedCodec.UInt32Bytes,
        ShapeKind.Int64 => FixedCodec.Int64Bytes,
        ShapeKind.UInt64 => FixedCodec.UInt64Bytes,
        ShapeKind.Int128 => FixedCodec.Int128Bytes,
        ShapeKind.UInt128 => FixedCodec.UInt128Bytes,
        ShapeKind.Half => FixedCodec.HalfBytes,
        ShapeKind.Single => FixedCodec.SingleBytes,
        ShapeKind.Double => FixedCodec.DoubleBytes,
        ShapeKind.Decimal => FixedCodec.DecimalBytes,
        ShapeKind.Guid => FixedCodec.GuidBytes,
        ShapeKind.DateTime => FixedCodec.DateTimeBytes,
        ShapeKind.DateTimeOffset => FixedCodec.DateTimeOffsetBytes,
        ShapeKind.TimeSpan => FixedCodec.TimeSpanBytes,
        ShapeKind.DateOnly => FixedCodec.DateOnlyBytes,
        ShapeKind.TimeOnly => FixedCodec.TimeOnlyBytes,
        _ => 0,
    };
}
