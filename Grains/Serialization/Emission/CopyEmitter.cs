using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>
/// Emits code that copies values to an address, where the default stands. Arguments: links, address of the source,
/// address of the copy.
/// </summary>
internal sealed class CopyEmitter(ILGenerator il, GeneratedMethods methods)
{
    public const int Source = 1;
    public const int Destination = 2;

    private const int MaxInlineDepth = 4;

    private int _depth;

    /// <summary>Copies a value, whole: what the method of its type does.</summary>
    public void EmitBody(TypeShape shape, Place from, Place to)
    {
        if (shape.IsRecursive)
        {
            il.Emit(OpCodes.Call, Calls.EnsureStack);
        }

        switch (shape.Kind)
        {
            case ShapeKind.Class:
                EmitObject(shape, from, to);
                break;
            case ShapeKind.Struct:
                EmitMembers(shape, from, to);
                break;
            default:
                EmitValue(shape, from, to);
                break;
        }
    }

    private void EmitValue(TypeShape shape, Place from, Place to)
    {
        if (methods.IsImmutable(shape))
        {
            to.Store(il, () => from.Load(il));
            return;
        }

        switch (shape.Kind)
        {
            case ShapeKind.Nullable:
                EmitNullable(shape, from, to);
                break;
            case ShapeKind.Struct when !shape.IsRecursive && _depth < MaxInlineDepth:
                _depth++;
                EmitMembers(shape, from, to);
                _depth--;
                break;
            case ShapeKind.Struct or ShapeKind.Class:
                il.Emit(OpCodes.Ldarg_0);
                from.LoadAddress(il);
                to.LoadAddress(il);
                il.Emit(OpCodes.Call, methods.CopyOne(shape));
                break;
            default:
                to.Store(il, () =>
                {
                    Calls.LoadLink(il, methods.LinkOf(shape));
                    from.Load(il);
                    il.Emit(OpCodes.Callvirt, Calls.Serializer(nameof(TypeSerializer<int>.Copy), from.Type));
                });
                break;
        }
    }

    private void EmitObject(TypeShape shape, Place from, Place to)
    {
        Label isNull = il.DefineLabel();
        Label end = il.DefineLabel();
        LocalBuilder source = il.DeclareLocal(shape.Type!);
        LocalBuilder copy = il.DeclareLocal(shape.Type!);
        from.Load(il);
        il.Emit(OpCodes.Stloc, source);
        il.Emit(OpCodes.Ldloc, source);
        il.Emit(OpCodes.Brfalse, isNull);
        Calls.RefuseDerived(il, source, shape.Type!);

        Dictionary<ShapeMember, LocalBuilder> locals = [];
        foreach (ShapeMember argument in shape.Construction!.Arguments)
        {
            LocalBuilder local = il.DeclareLocal(argument.Field!.FieldType);
            locals.Add(argument, local);
            Place.In(local).Clear(il);
            EmitValue(argument.Shape, Place.Inside(source).Then(argument.Field), Place.In(local));
        }

        foreach (ShapeMember argument in shape.Construction.Arguments)
        {
            il.Emit(OpCodes.Ldloc, locals[argument]);
        }

        il.Emit(OpCodes.Newobj, shape.Construction.Constructor!);
        il.Emit(OpCodes.Stloc, copy);
        foreach (ShapeMember member in shape.Members)
        {
            Place place = Place.Inside(copy).Then(member.Field!);
            if (locals.TryGetValue(member, out LocalBuilder? local))
            {
                place.Store(il, () => il.Emit(OpCodes.Ldloc, local));
            }
            else
            {
                EmitValue(member.Shape, Place.Inside(source).Then(member.Field!), place);
            }
        }

        to.Store(il, () => il.Emit(OpCodes.Ldloc, copy));
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(isNull);
        to.Clear(il);
        il.MarkLabel(end);
    }

    private void EmitNullable(TypeShape shape, Place from, Place to)
    {
        TypeShape inner = shape.Element!;
        LocalBuilder address = il.DeclareLocal(inner.Type!.MakeByRefType());
        LocalBuilder copy = il.DeclareLocal(inner.Type!);
        Label absent = il.DefineLabel();
        Label end = il.DefineLabel();
        from.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableValue("get_HasValue", from.Type));
        il.Emit(OpCodes.Brfalse, absent);
        from.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableAddress(inner.Type!));
        il.Emit(OpCodes.Stloc, address);
        Place.In(copy).Clear(il);
        EmitValue(inner, Place.At(address, inner.Type!), Place.In(copy));
        to.Store(il, () =>
        {
            il.Emit(OpCodes.Ldloc, copy);
            il.Emit(OpCodes.Newobj, shape.Type!.GetConstructor([inner.Type!])!);
        });
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(absent);
        to.Clear(il);
        il.MarkLabel(end);
    }

    private void EmitMembers(TypeShape shape, Place from, Place to)
    {
        foreach (ShapeMember member in shape.Members)
        {
            EmitValue(member.Shape, from.Then(member.Field!), to.Then(member.Field!));
        }
    }
}
