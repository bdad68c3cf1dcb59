namespace Millrace.Serialization.Shapes;

/// <summary>How many bytes values of a shape take.</summary>
internal static class ShapeSizes
{
    /// <summary>Sets the sizes of all parts of a shape whose parts are linked.</summary>
    /// <returns>A struct that contains itself as a value and therefore has no size; null when there is none.</returns>
    public static TypeShape? Settle(IReadOnlyCollection<TypeShape> shapes)
    {
        // Without recursion, since a shape read from bytes may be as deep as it is large.
        List<TypeShape> open = [.. shapes];
        while (open.Count > 0)
        {
            int before = open.Count;
            open.RemoveAll(TrySettle);
            if (open.Count == before)
            {
                return open[0];
            }
        }

        return null;
    }

    private static bool TrySettle(TypeShape shape)
    {
        if (shape.Kind != ShapeKind.Struct)
        {
            shape.FixedBytes = FixedBytesOf(shape.Kind == ShapeKind.Enum ? shape.Element!.Kind : shape.Kind);
            shape.MinBytes = Math.Max(shape.FixedBytes, 1);
            return true;
        }

        if (shape.Members.Any(member => member.Shape.MinBytes == 0))
        {
            return false;
        }

        // A struct without members takes one byte: a count of nothing must not stand for any number of elements.
        long min = Math.Max(shape.Members.Sum(member => (long)member.Shape.MinBytes), 1);
        shape.MinBytes = (int)Math.Min(min, RecordLimits.MaxBytes);
        shape.FixedBytes = shape.Members.All(member => member.Shape.FixedBytes > 0) ? shape.MinBytes : 0;
        return true;
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
