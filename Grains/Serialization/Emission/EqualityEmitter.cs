using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>
/// Emits code that compares two keys: it goes on when they are the same, and branches when they are not.
/// </summary>
internal sealed class EqualityEmitter(ILGenerator il)
{
    public void EmitComparison(TypeShape shape, Place left, Place right, Label different)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Nullable:
                EmitNullable(shape, left, right, different);
                break;
            case ShapeKind.Struct:
                EmitMembers(shape, left, right, different);
                break;
            case ShapeKind.Class:
                EmitObject(shape, left, right, different);
                break;
            default:
                left.Load(il);
                right.Load(il);
                il.Emit(OpCodes.Call, Calls.KeyHash("AreEqual", Widening.KindOf(shape)));
                il.Emit(OpCodes.Brfalse, different);
                break;
        }
    }

    private void EmitNullable(TypeShape shape, Place left, Place right, Label different)
    {
        Label same = il.DefineLabel();
        EmitHasValue(left);
        EmitHasValue(right);
        il.Emit(OpCodes.Bne_Un, different);
        EmitHasValue(left);
        il.Emit(OpCodes.Brfalse, same);
        EmitComparison(shape.Element!, EmitInner(shape, left), EmitInner(shape, right), different);
        il.MarkLabel(same);
    }

    private void EmitObject(TypeShape shape, Place left, Place right, Label different)
    {
        Label same = il.DefineLabel();
        LocalBuilder first = EmitLoad(shape, left);
        LocalBuilder second = EmitLoad(shape, right);
        il.Emit(OpCodes.Ldloc, first);
        il.Emit(OpCodes.Ldloc, second);
        il.Emit(OpCodes.Beq, same);
        il.Emit(OpCodes.Ldloc, first);
        il.Emit(OpCodes.Brfalse, different);
        il.Emit(OpCodes.Ldloc, second);
        il.Emit(OpCodes.Brfalse, different);
        EmitMembers(shape, Place.Inside(first), Place.Inside(second), different);
        il.MarkLabel(same);
    }

    private void EmitMembers(TypeShape shape, Place left, Place right, Label different)
    {
        foreach (ShapeMember member in shape.Members)
        {
            EmitComparison(member.Shape, left.Then(member.Field!), right.Then(member.Field!), different);
        }
    }

    private void EmitHasValue(Place at)
    {
        at.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableValue("get_HasValue", at.Type));
    }

    private Place EmitInner(TypeShape shape, Place at)
    {
        LocalBuilder address = il.DeclareLocal(shape.Element!.Type!.MakeByRefType());
        at.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableAddress(shape.Element.Type!));
        il.Emit(OpCodes.Stloc, address);
        return Place.At(address, shape.Element.Type!);
    }

    private LocalBuilder EmitLoad(TypeShape shape, Place at)
    {
        LocalBuilder value = il.DeclareLocal(shape.Type!);
        at.Load(il);
        il.Emit(OpCodes.Stloc, value);
        return value;
    }
}
