using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>Whether the bytes of a value in memory are its bytes in a record.</summary>
/// <remarks>
/// They are when the members, all without padding, stand in the order in which they are written, and any bits are a
/// valid value: not so of truth values, decimals and dates, which are checked when they are read.
/// </remarks>
internal static class BlockLayout
{
    // Keeps the code that measures offsets small; larger structs are rare.
    private const int MaxBytes = 4_096;

    /// <summary>True when many values of the shape may be copied as one block.</summary>
    public static bool IsBlock(TypeShape shape) =>
        shape.IsBlock ??= IsPlain(shape.Kind) || (IsCandidate(shape) && IsLaidOutAsWritten(shape));

    private static bool IsPlain(ShapeKind kind) => kind
        is ShapeKind.Byte or ShapeKind.SByte or ShapeKind.Char or ShapeKind.Guid or ShapeKind.TimeSpan
        or (>= ShapeKind.Int16 and <= ShapeKind.Double);

    private static bool IsCandidate(TypeShape shape) => shape.Kind switch
    {
        ShapeKind.Enum => true,
        ShapeKind.Struct => shape.FixedBytes is > 0 and <= MaxBytes
            && !shape.HasIgnored
            && shape.Members.Count > 0
            && shape.Members.All(member => IsPlain(member.Shape.Kind) || IsCandidate(member.Shape)),
        _ => false,
    };

    private static bool IsLaidOutAsWritten(TypeShape shape)
    {
        if (shape.Kind == ShapeKind.Enum)
        {
            return true;
        }

        DynamicMethod method = new("IsLaidOutAsWritten", typeof(bool), null, restrictedSkipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LocalBuilder value = il.DeclareLocal(shape.Type!);
        Label no = il.DefineLabel();
        il.Emit(OpCodes.Sizeof, shape.Type!);
        il.Emit(OpCodes.Ldc_I4, shape.FixedBytes);
        il.Emit(OpCodes.Bne_Un, no);
        EmitOffsets(il, shape, Place.In(value), value, 0, no);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(no);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<bool>>()();
    }

    private static int EmitOffsets(
        ILGenerator il, TypeShape shape, Place at, LocalBuilder start, int expected, Label no)
    {
        if (shape.Kind == ShapeKind.Struct)
        {
            foreach (ShapeMember member in shape.WireOrder)
            {
                expected = EmitOffsets(il, member.Shape, at.Then(member.Field!), start, expected, no);
            }

            return expected;
        }

        at.LoadAddress(il);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, start);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ldc_I4, expected);
        il.Emit(OpCodes.Bne_Un, no);
        return expected + shape.FixedBytes;
    }
}
