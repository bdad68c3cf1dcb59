using System.Reflection.Emit;
using Millrace.State;

namespace Millrace.Serialization.Emission;

/// <summary>Emits code that hashes a key.</summary>
internal sealed class HashEmitter(ILGenerator il)
{
    /// <returns>The variable that holds the hash.</returns>
    public LocalBuilder EmitHash(TypeShape shape, Place at)
    {
        LocalBuilder hash = il.DeclareLocal(typeof(ulong));
        switch (shape.Kind)
        {
            case ShapeKind.Nullable:
                EmitNullable(shape, at, hash);
                break;
            case ShapeKind.Struct:
                EmitMembers(shape, at, hash);
                break;
            case ShapeKind.Class:
                EmitObject(shape, at, hash);
                break;
            default:
                at.Load(il);
                il.Emit(OpCodes.Call, Calls.KeyHash("Of", Widening.KindOf(shape)));
                il.Emit(OpCodes.Stloc, hash);
                break;
        }

        return hash;
    }

    private void EmitNullable(TypeShape shape, Place at, LocalBuilder hash)
    {
        Label absent = il.DefineLabel();
        Label end = il.DefineLabel();
        at.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableValue("get_HasValue", at.Type));
        il.Emit(OpCodes.Brfalse, absent);
        LocalBuilder address = il.DeclareLocal(shape.Element!.Type!.MakeByRefType());
        at.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableAddress(shape.Element.Type!));
        il.Emit(OpCodes.Stloc, address);
        LocalBuilder inner = EmitHash(shape.Element, Place.At(address, shape.Element.Type!));
        il.Emit(OpCodes.Ldloc, inner);
        il.Emit(OpCodes.Stloc, hash);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(absent);
        EmitConstant(KeyHash.Null, hash);
        il.MarkLabel(end);
    }

    private void EmitObject(TypeShape shape, Place at, LocalBuilder hash)
    {
        Label isNull = il.DefineLabel();
        Label end = il.DefineLabel();
        LocalBuilder value = il.DeclareLocal(shape.Type!);
        at.Load(il);
        il.Emit(OpCodes.Stloc, value);
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Brfalse, isNull);
        EmitMembers(shape, Place.Inside(value), hash);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(isNull);
        EmitConstant(KeyHash.Null, hash);
        il.MarkLabel(end);
    }

    private void EmitMembers(TypeShape shape, Place at, LocalBuilder hash)
    {
        if (shape.Members.Count == 0)
        {
            EmitConstant(KeyHash.Empty, hash);
            return;
        }

        for (int i = 0; i < shape.Members.Count; i++)
        {
            LocalBuilder member = EmitHash(shape.Members[i].Shape, at.Then(shape.Members[i].Field!));
            if (i > 0)
            {
                il.Emit(OpCodes.Ldloc, hash);
            }

            il.Emit(OpCodes.Ldloc, member);
            if (i > 0)
            {
                il.Emit(OpCodes.Call, Calls.Combine);
            }

            il.Emit(OpCodes.Stloc, hash);
        }
    }

    private void EmitConstant(ulong value, LocalBuilder hash)
    {
        il.Emit(OpCodes.Ldc_I8, (long)value);
        il.Emit(OpCodes.Stloc, hash);
    }
}
