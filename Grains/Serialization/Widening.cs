using System.Numerics;
using System.Reflection;

namespace Millrace.Serialization;

/// <summary>Which numbers may be read as which others: those that hold every value of the former.</summary>
internal static class Widening
{
    // Bits of the whole numbers that floating-point numbers hold without loss.
    private const int SingleBits = 24;
    private const int DoubleBits = 53;
    private const int DecimalBits = 96;

    private static readonly Dictionary<ShapeKind, (Type Type, int Bits, bool Signed)> Integers = new()
    {
        [ShapeKind.Byte] = (typeof(byte), 8, false),
        [ShapeKind.SByte] = (typeof(sbyte), 8, true),
        [ShapeKind.Int16] = (typeof(short), 16, true),
        [ShapeKind.UInt16] = (typeof(ushort), 16, false),
        [ShapeKind.Int32] = (typeof(int), 32, true),
        [ShapeKind.UInt32] = (typeof(uint), 32, false),
        [ShapeKind.Int64] = (typeof(long), 64, true),
        [ShapeKind.UInt64] = (typeof(ulong), 64, false),
        [ShapeKind.Int128] = (typeof(Int128), 128, true),
        [ShapeKind.UInt128] = (typeof(UInt128), 128, false),
    };

    private static readonly Dictionary<ShapeKind, Type> Fractions = new()
    {
        [ShapeKind.Half] = typeof(Half),
        [ShapeKind.Single] = typeof(float),
        [ShapeKind.Double] = typeof(double),
        [ShapeKind.Decimal] = typeof(decimal),
    };

    /// <summary>The kind of a shape; for an enumeration that of the number behind it.</summary>
    public static ShapeKind KindOf(TypeShape shape) => shape.Kind == ShapeKind.Enum ? shape.Element!.Kind : shape.Kind;

    /// <summary>True when every value of one kind of number is one of the other as well.</summary>
    public static bool IsPossible(ShapeKind from, ShapeKind to)
    {
        if (from == to)
        {
            return Integers.ContainsKey(from) || Fractions.ContainsKey(from);
        }

        if (!Integers.TryGetValue(from, out (Type Type, int Bits, bool Signed) narrow))
        {
            return (from, to)
                is (ShapeKind.Half, ShapeKind.Single or ShapeKind.Double) or (ShapeKind.Single, ShapeKind.Double);
        }

        return Integers.TryGetValue(to, out (Type Type, int Bits, bool Signed) wide)
            ? (narrow.Signed == wide.Signed || wide.Signed) && narrow.Bits < wide.Bits
            : narrow.Bits <= to switch
            {
                ShapeKind.Single => SingleBits,
                ShapeKind.Double => DoubleBits,
                ShapeKind.Decimal => DecimalBits,
                _ => 0,
            };
    }

    /// <summary>The method that turns a number of one kind into one of the other.</summary>
    public static MethodInfo From(ShapeKind from, ShapeKind to) =>
        typeof(Widening).GetMethod(nameof(Widen), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(TypeOf(from), TypeOf(to));

    private static Type TypeOf(ShapeKind kind) =>
        Fractions.TryGetValue(kind, out Type? type) ? type : Integers[kind].Type;

    private static TTo Widen<TFrom, TTo>(TFrom value)
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo> => TTo.CreateChecked(value);
}
