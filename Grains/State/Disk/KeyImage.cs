using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Millrace.Serialization;

namespace Millrace.State.Disk;

/// <summary>Gives keys that are the same key the same bytes.</summary>
/// <remarks>Rows are found by bytes. Some values are the same as parts of a key and are yet written in several ways:
/// the two zeros, decimals with zeros at their end, dates of another kind or offset (docs/formats/key-hash.md). Each
/// part of that kind is brought into one form, in place, since all of its forms have the same length.</remarks>
internal sealed class KeyImage
{
    private const ulong CanonicalNaN = 0x7ff8000000000000;
    private const ulong TickBits = 0x3FFF_FFFF_FFFF_FFFF;

    // Divided by this, a decimal loses the zeros at its end.
    private const decimal One = 1.0000000000000000000000000000m;

    private readonly TypeShape[] _shapes;

    private KeyImage(TypeShape[] shapes) => _shapes = shapes;

    /// <summary>What does so for values that stand one behind the other.</summary>
    /// <returns>Null when nothing is to be done.</returns>
    public static KeyImage? Of(params TypeShape?[] shapes)
    {
        TypeShape[] known = [.. shapes.OfType<TypeShape>()];
        return known.Any(HasForms) ? new KeyImage(known) : null;
    }

    /// <summary>Changes what is written.</summary>
    public void Apply(Span<byte> bytes)
    {
        foreach (TypeShape shape in _shapes)
        {
            bytes = bytes[Apply(bytes, shape)..];
        }
    }

    private static bool HasForms(TypeShape shape) => shape.Kind
        is ShapeKind.Half or ShapeKind.Single or ShapeKind.Double or ShapeKind.Decimal
        or ShapeKind.DateTime or ShapeKind.DateTimeOffset
        || (shape.Element is { } element && HasForms(element))
        || shape.Members.Any(member => HasForms(member.Shape));

    // Returns the length of the value.
    private static int Apply(Span<byte> bytes, TypeShape shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Half or ShapeKind.Single or ShapeKind.Double:
                ApplyNumber(bytes, shape.Kind);
                return shape.FixedBytes;
            case ShapeKind.Decimal:
                ApplyDecimal(bytes);
                return shape.FixedBytes;
            case ShapeKind.DateTime:
                ulong ticks = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & TickBits;
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, ticks);
                return shape.FixedBytes;
            case ShapeKind.DateTimeOffset:
                ApplyOffset(bytes);
                return shape.FixedBytes;
            case ShapeKind.Nullable:
                return bytes[0] == 0 ? 1 : 1 + Apply(bytes[1..], shape.Element!);
            case ShapeKind.Class:
                return bytes[0] == 0 ? 1 : 1 + ApplyMembers(bytes[1..], shape);
            case ShapeKind.Struct when shape.Members.Count > 0:
                return ApplyMembers(bytes, shape);
            default:
                return shape.FixedBytes > 0 ? shape.FixedBytes : LengthOf(bytes, shape);
        }
    }

    private static int ApplyMembers(Span<byte> bytes, TypeShape shape)
    {
        int length = 0;
        foreach (ShapeMember member in shape.WireOrder)
        {
            length += Apply(bytes[length..], member.Shape);
        }

        return length;
    }

    private static void ApplyNumber(Span<byte> bytes, ShapeKind kind)
    {
        if (kind == ShapeKind.Double)
        {
            double value = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value == 0 ? 0 : Number(value));
        }
        else if (kind == ShapeKind.Single)
        {
            float value = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value == 0 ? 0 : (float)Number(value));
        }
        else
        {
            Half value = BinaryPrimitives.ReadHalfLittleEndian(bytes);
            BinaryPrimitives.WriteHalfLittleEndian(bytes, value == Half.Zero ? Half.Zero : (Half)Number((double)value));
        }
    }

    private static double Number(double value) =>
        double.IsNaN(value) ? BitConverter.UInt64BitsToDouble(CanonicalNaN) : value;

    private static void ApplyDecimal(Span<byte> bytes)
    {
        RecordReader reader = new(bytes);
        decimal value = reader.ReadDecimal();
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value == 0 ? 0m : value / One, parts);
        for (int i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], parts[i]);
        }
    }

    private static void ApplyOffset(Span<byte> bytes)
    {
        RecordReader reader = new(bytes);
        long ticks = reader.ReadDateTimeOffset().UtcTicks;
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ticks);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[sizeof(long)..], 0);
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes, TypeShape shape)
    {
        RecordReader reader = new(bytes);
        switch (shape.Kind)
        {
            case ShapeKind.BigInteger:
                reader.ReadBytes();
                break;
            case ShapeKind.String or ShapeKind.Version:
                reader.ReadString();
                break;
            default:
                throw new SwitchExpressionException(shape.Kind);
        }

        return reader.Position;
    }
}
