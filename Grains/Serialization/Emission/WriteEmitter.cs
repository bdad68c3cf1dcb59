using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>Emits code that writes values. Arguments: links, writer, address of the value.</summary>
internal sealed class WriteEmitter(ILGenerator il, GeneratedMethods methods)
{
    public const int Writer = 1;
    public const int Value = 2;

    // Structs are spelled out inside each other down to here; deeper ones get methods of their own.
    private const int MaxInlineDepth = 4;

    private int _depth;

    /// <summary>Writes a value, whole: what the method of its type does.</summary>
    public void EmitBody(TypeShape shape, Place at)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Class:
                EmitObject(shape, at);
                break;
            case ShapeKind.Struct when shape.IsRecursive:
                CallWriter(Calls.WriterEnter);
                EmitMembers(shape, at, new FixedRun());
                CallWriter(Calls.WriterLeave);
                break;
            case ShapeKind.Struct:
                EmitMembers(shape, at, new FixedRun());
                break;
            default:
                EmitValue(shape, at);
                break;
        }
    }

    /// <summary>Writes neighbouring values of fixed size in a loop, for all of which room is made at once.</summary>
    public void EmitFixedLoop(TypeShape shape, Place at)
    {
        FixedRun run = new();
        run.Add(shape, at);
        LocalBuilder start = il.DeclareLocal(typeof(byte).MakeByRefType());
        il.Emit(OpCodes.Ldarg, (short)Writer);
        il.Emit(OpCodes.Ldarg, (short)ElementLoop.Count);
        il.Emit(OpCodes.Ldc_I4, run.Bytes);
        il.Emit(OpCodes.Call, Calls.AdvanceMany);
        il.Emit(OpCodes.Stloc, start);
        ElementLoop.Emit(il, shape.Type!, () =>
        {
            EmitRunAt(run, start, tag: false);
            ElementLoop.EmitStep(il, start, run.Bytes);
        });
    }

    private void EmitValue(TypeShape shape, Place at)
    {
        if (FixedRun.Takes(shape))
        {
            FixedRun run = new();
            run.Add(shape, at);
            EmitRun(run, tag: false);
            return;
        }

        switch (shape.Kind)
        {
            case ShapeKind.String:
                il.Emit(OpCodes.Ldarg, (short)Writer);
                at.Load(il);
                il.Emit(OpCodes.Call, Calls.WriteString);
                break;
            case ShapeKind.Nullable:
                EmitNullable(shape, at);
                break;
            case ShapeKind.Struct when !shape.IsRecursive && _depth < MaxInlineDepth:
                _depth++;
                EmitMembers(shape, at, new FixedRun());
                _depth--;
                break;
            case ShapeKind.Struct or ShapeKind.Class:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldarg, (short)Writer);
                at.LoadAddress(il);
                il.Emit(OpCodes.Call, methods.WriteOne(shape));
                break;
            default:
                Calls.LoadLink(il, methods.LinkOf(shape));
                il.Emit(OpCodes.Ldarg, (short)Writer);
                at.LoadAddress(il);
                il.Emit(OpCodes.Callvirt, Calls.Serializer(nameof(TypeSerializer<int>.Write), at.Type));
                break;
        }
    }

    private void EmitObject(TypeShape shape, Place at)
    {
        LocalBuilder value = il.DeclareLocal(shape.Type!);
        Label isNull = il.DefineLabel();
        Label end = il.DefineLabel();
        at.Load(il);
        il.Emit(OpCodes.Stloc, value);
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Brfalse, isNull);
        Calls.RefuseDerived(il, value, shape.Type!);
        if (shape.IsRecursive)
        {
            CallWriter(Calls.WriterEnter);
        }

        FixedRun run = new();
        run.Skip(1);
        EmitMembers(shape, Place.Inside(value), run);
        if (shape.IsRecursive)
        {
            CallWriter(Calls.WriterLeave);
        }

        il.Emit(OpCodes.Br, end);
        il.MarkLabel(isNull);
        EmitTag(0);
        il.MarkLabel(end);
    }

    private void EmitNullable(TypeShape shape, Place at)
    {
        Label absent = il.DefineLabel();
        Label end = il.DefineLabel();
        at.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableValue("get_HasValue", at.Type));
        il.Emit(OpCodes.Brfalse, absent);

        TypeShape inner = shape.Element!;
        LocalBuilder address = il.DeclareLocal(inner.Type!.MakeByRefType());
        at.LoadAddress(il);
        il.Emit(OpCodes.Call, Calls.NullableAddress(inner.Type!));
        il.Emit(OpCodes.Stloc, address);
        FixedRun run = new();
        run.Skip(1);
        bool taken = FixedRun.Takes(inner);
        if (taken)
        {
            run.Add(inner, Place.At(address, inner.Type!));
        }

        EmitRun(run, tag: true);
        if (!taken)
        {
            EmitValue(inner, Place.At(address, inner.Type!));
        }

        il.Emit(OpCodes.Br, end);
        il.MarkLabel(absent);
        EmitTag(0);
        il.MarkLabel(end);
    }

    /// <param name="shape">What has the members.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="run">What goes before the first member: nothing, or the tag of what is not null.</param>
    private void EmitMembers(TypeShape shape, Place at, FixedRun run)
    {
        bool tag = run.Bytes > 0;
        if (shape.Members.Count == 0 && shape.Kind == ShapeKind.Struct)
        {
            EmitTag(0);
            return;
        }

        int next = 0;
        for (; next < shape.WireOrder.Count && FixedRun.Takes(shape.WireOrder[next].Shape); next++)
        {
            run.Add(shape.WireOrder[next].Shape, at.Then(shape.WireOrder[next].Field!));
        }

        if (run.Bytes > 0)
        {
            EmitRun(run, tag);
        }

        for (; next < shape.WireOrder.Count; next++)
        {
            EmitValue(shape.WireOrder[next].Shape, at.Then(shape.WireOrder[next].Field!));
        }
    }

    private void EmitRun(FixedRun run, bool tag)
    {
        LocalBuilder start = il.DeclareLocal(typeof(byte).MakeByRefType());
        il.Emit(OpCodes.Ldarg, (short)Writer);
        il.Emit(OpCodes.Ldc_I4, run.Bytes);
        il.Emit(OpCodes.Call, Calls.Advance);
        il.Emit(OpCodes.Stloc, start);
        EmitRunAt(run, start, tag);
    }

    private void EmitRunAt(FixedRun run, LocalBuilder start, bool tag)
    {
        if (tag)
        {
            il.Emit(OpCodes.Ldloc, start);
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Stind_I1);
        }

        foreach (FixedLeaf leaf in run.Leaves)
        {
            il.Emit(OpCodes.Ldloc, start);
            il.Emit(OpCodes.Ldc_I4, leaf.Offset);
            il.Emit(OpCodes.Add);
            leaf.Place.Load(il);
            if (leaf.Kind == ShapeKind.Struct)
            {
                il.Emit(OpCodes.Unaligned, (byte)1);
                il.Emit(OpCodes.Stobj, leaf.Place.Type);
            }
            else
            {
                il.Emit(OpCodes.Call, Calls.Codec("Write", leaf.Kind));
            }
        }
    }

    private void EmitTag(int value)
    {
        il.Emit(OpCodes.Ldarg, (short)Writer);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Call, Calls.Advance);
        il.Emit(OpCodes.Ldc_I4, value);
        il.Emit(OpCodes.Stind_I1);
    }

    private void CallWriter(System.Reflection.MethodInfo method)
    {
        il.Emit(OpCodes.Ldarg, (short)Writer);
        il.Emit(OpCodes.Call, method);
    }
}
