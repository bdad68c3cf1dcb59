using System.Reflection.Emit;
using Millrace.Serialization.Emission;
using Millrace.State;

namespace Millrace.Serialization.Keys;

/// <summary>Generates the hash and equality of a type of keys.</summary>
internal static class KeyHasherBuilder
{
    // Generated methods take an object first: a delegate that is bound to one is called without a detour.
    private static readonly object Target = new();

    /// <exception cref="UnsupportedTypeException">The type cannot be a key.</exception>
    public static KeyHasher<TKey> Build<TKey>(SerializerRegistrations? registrations)
    {
        TypeShape shape = KeyShape.Of(typeof(TKey), registrations);
        return new GeneratedKeyHasher<TKey>(
            HashMany(shape).CreateDelegate<GeneratedKeyHasher<TKey>.HashMany>(Target),
            Compare(shape).CreateDelegate<GeneratedKeyHasher<TKey>.Compare>(Target),
            UsesDefaultEquality(shape));
    }

    private static DynamicMethod HashMany(TypeShape shape)
    {
        Type type = shape.Type!;
        DynamicMethod method = new(
            $"Hash_{type.Name}",
            typeof(void),
            [typeof(object), type.MakeByRefType(), typeof(int), typeof(ulong).MakeByRefType()],
            restrictedSkipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        Label check = il.DefineLabel();
        Label next = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(next);
        LocalBuilder hash = new HashEmitter(il).EmitHash(shape, Place.AtArgument(1, type));
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldloc, hash);
        il.Emit(OpCodes.Stind_I8);
        ElementLoop.EmitAdvance(il, 1, type);
        ElementLoop.EmitAdvance(il, 3, typeof(ulong));
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Starg_S, (byte)2);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Bgt, next);
        il.Emit(OpCodes.Ret);
        return method;
    }

    private static DynamicMethod Compare(TypeShape shape)
    {
        Type type = shape.Type!;
        DynamicMethod method = new(
            $"Equals_{type.Name}",
            typeof(bool),
            [typeof(object), type.MakeByRefType(), type.MakeByRefType()],
            restrictedSkipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        Label different = il.DefineLabel();
        new EqualityEmitter(il).EmitComparison(shape, Place.AtArgument(1, type), Place.AtArgument(2, type), different);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(different);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
        return method;
    }

    /// <summary>
    /// Records and tuples compare member by member, as we do; plain structs box, plain classes are identities.
    /// </summary>
    private static bool UsesDefaultEquality(TypeShape shape) => shape.Kind switch
    {
        ShapeKind.Struct or ShapeKind.Class => !shape.HasIgnored
            && typeof(IEquatable<>).MakeGenericType(shape.Type!).IsAssignableFrom(shape.Type)
            && shape.Members.All(member => UsesDefaultEquality(member.Shape)),
        ShapeKind.Nullable => UsesDefaultEquality(shape.Element!),
        _ => true,
    };
}
