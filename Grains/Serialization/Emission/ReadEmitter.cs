using System.Reflection.Emit;
using Millrace.Serialization.Shapes;

namespace Millrace.Serialization.Emission;

/// <summary>
/// Emits code that reads values to an address, where the default stands. Arguments: links, reader, address of the
/// value.
/// </summary>
/// <remarks>What was written with the present shape goes in with that shape itself as the written one.</remarks>
internal sealed class ReadEmitter(ILGenerator il, GeneratedMethods methods)
{
    public const int Reader = 1;
    public const int Value = 2;

    private const int MaxInlineDepth = 4;

    private int _depth;

    /// <summary>Reads a value, whole: what the method of its type does.</summary>
    public void EmitBody(TypeShape written, TypeShape target, Place at)
    {
        bool alike = written.Kind == target.Kind;
        if (alike && target.Kind == ShapeKind.Class)
        {
            EmitObject(written, target, at);
        }
        else if (alike && target.Kind == ShapeKind.Struct && target.IsRecursive)
        {
            CallReader(Calls.ReaderEnter);
            EmitMembers(ShapeMatching.PairsOf(written, target), at);
            CallReader(Calls.ReaderLeave);
        }
        else if (alike && target.Kind == ShapeKind.Struct)
        {
            EmitMembers(ShapeMatching.PairsOf(written, target), at);
        }
        else
        {
            EmitValue(written, target, at);
        }
    }

    /// <summary>
    /// Reads neighbouring values of fixed size in a loop, all of which are known to be there at once.
    /// </summary>
    public void EmitFixedLoop(TypeShape shape, Place at)
    {
        FixedRun run = new();
        run.Add(shape, at);
        LocalBuilder start = il.DeclareLocal(typeof(byte).MakeByRefType());
        il.Emit(OpCodes.Ldarg, (short)Reader);
        il.Emit(OpCodes.Ldarg, (short)ElementLoop.Count);
        il.Emit(OpCodes.Ldc_I4, run.Bytes);
        il.Emit(OpCodes.Call, Calls.TakeMany);
        il.Emit(OpCodes.Stloc, start);
        ElementLoop.Emit(il, shape.Type!, () =>
        {
            EmitRunAt(run, start);
            ElementLoop.EmitStep(il, start, run.Bytes);
        });
    }

    private void EmitValue(TypeShape written, TypeShape target, Place at)
    {
        if (ReferenceEquals(written, target) && FixedRun.Takes(target))
        {
            FixedRun run = new();
            run.Add(target, at);
            EmitRun(run);
            return;
        }

        if (target.Kind == ShapeKind.Nullable)
        {
            EmitNullable(written, target, at);
            return;
        }

        if (ShapeMatching.IsNumber(written, target))
        {
            EmitNumber(written, target, at);
            return;
        }

        switch (target.Kind)
        {
            case ShapeKind.String:
                at.Store(il, () => CallReader(Calls.ReadString));
                break;
            case ShapeKind.Struct when !target.IsRecursive && _depth < MaxInlineDepth:
                _depth++;
                EmitMembers(ShapeMatching.PairsOf(written, target), at);
                _depth--;
                break;
            case ShapeKind.Struct or ShapeKind.Class:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldarg, (short)Reader);
                at.LoadAddress(il);
                il.Emit(OpCodes.Call, methods.ReadOne(written, target));
                break;
            default:
                at.Store(il, () =>
                {
                    Calls.LoadLink(il, methods.LinkOf(written, target));
                    il.Emit(OpCodes.Ldarg, (short)Reader);
                    il.Emit(OpCodes.Callvirt, Calls.Serializer(nameof(TypeSerializer<int>.Read), target.Type!));
                });
                break;
        }
    }

    private void EmitObject(TypeShape written, TypeShape target, Place at)
    {
        Label isNull = il.DefineLabel();
        Label end = il.DefineLabel();
        CallReader(Calls.ReadBoolean);
        il.Emit(OpCodes.Brfalse, isNull);
        if (target.IsRecursive)
        {
            CallReader(Calls.ReaderEnter);
        }

        IReadOnlyList<MemberPair> pairs = ShapeMatching.PairsOf(written, target);
        LocalBuilder value = il.DeclareLocal(target.Type!);
        if (target.Construction!.Arguments.Count == 0)
        {
            il.Emit(OpCodes.Newobj, target.Construction.Constructor!);
            il.Emit(OpCodes.Stloc, value);
            EmitMembers(pairs, Place.Inside(value));
        }
        else
        {
            EmitConstruction(pairs, target.Construction, value);
        }

        if (target.IsRecursive)
        {
            CallReader(Calls.ReaderLeave);
        }

        at.Store(il, () => il.Emit(OpCodes.Ldloc, value));
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(isNull);
        at.Clear(il);
        il.MarkLabel(end);
    }

    private void EmitConstruction(IReadOnlyList<MemberPair> pairs, ShapeConstruction construction, LocalBuilder value)
    {
        // Members are read in the order of the data, before there is an object to put them into.
        Dictionary<ShapeMember, LocalBuilder> locals = [];
        IEnumerable<ShapeMember?> targets = pairs.Select(pair => pair.Target);
        foreach (ShapeMember member in targets.Concat(construction.Arguments).OfType<ShapeMember>())
        {
            if (!locals.ContainsKey(member))
            {
                LocalBuilder local = il.DeclareLocal(member.Field!.FieldType);
                locals.Add(member, local);
                Place.In(local).Clear(il);
            }
        }

        EmitMembers(pairs, member => Place.In(locals[member]));
        foreach (ShapeMember argument in construction.Arguments)
        {
            il.Emit(OpCodes.Ldloc, locals[argument]);
        }

        il.Emit(OpCodes.Newobj, construction.Constructor!);
        il.Emit(OpCodes.Stloc, value);

        // What a constructor makes of its arguments is its own affair: what was written is what comes back.
        foreach (ShapeMember member in targets.OfType<ShapeMember>())
        {
            EmitRestore(Place.Inside(value).Then(member.Field!), locals[member]);
        }
    }

    private void EmitRestore(Place at, LocalBuilder local)
    {
        // Most constructors store their arguments; to see that is cheaper than to store a reference again.
        Label same = il.DefineLabel();
        if (!at.Type.IsValueType)
        {
            at.Load(il);
            il.Emit(OpCodes.Ldloc, local);
            il.Emit(OpCodes.Beq, same);
        }

        at.Store(il, () => il.Emit(OpCodes.Ldloc, local));
        il.MarkLabel(same);
    }

    private void EmitNullable(TypeShape written, TypeShape target, Place at)
    {
        TypeShape inner = target.Element!;
        LocalBuilder value = il.DeclareLocal(inner.Type!);
        Label absent = il.DefineLabel();
        Label end = il.DefineLabel();
        bool wasNullable = written.Kind == ShapeKind.Nullable;
        if (wasNullable)
        {
            CallReader(Calls.ReadBoolean);
            il.Emit(OpCodes.Brfalse, absent);
        }

        Place.In(value).Clear(il);
        EmitValue(ShapeMatching.Pair(wasNullable ? written.Element! : written, inner), inner, Place.In(value));
        at.Store(il, () =>
        {
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Newobj, target.Type!.GetConstructor([inner.Type!])!);
        });
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(absent);
        at.Clear(il);
        il.MarkLabel(end);
    }

    private void EmitNumber(TypeShape written, TypeShape target, Place at)
    {
        at.Store(il, () =>
        {
            ShapeKind kind = Widening.KindOf(written);
            il.Emit(OpCodes.Ldarg, (short)Reader);
            il.Emit(OpCodes.Ldc_I4, written.FixedBytes);
            il.Emit(OpCodes.Call, Calls.Take);
            il.Emit(OpCodes.Call, Calls.Codec("Read", kind));
            il.Emit(OpCodes.Call, Widening.From(kind, Widening.KindOf(target)));
        });
    }

    private void EmitMembers(IReadOnlyList<MemberPair> pairs, Place owner)
    {
        if (pairs.Count == 0 && owner.Type.IsValueType)
        {
            // The byte that stands for a struct without members.
            EmitSkip(1);
            return;
        }

        EmitMembers(pairs, member => owner.Then(member.Field!));
    }

    private void EmitMembers(IReadOnlyList<MemberPair> pairs, Func<ShapeMember, Place> placeOf)
    {
        int next = 0;
        FixedRun run = new();
        for (; next < pairs.Count && pairs[next].IsSame && FixedRun.Takes(pairs[next].Written); next++)
        {
            run.Add(pairs[next].Written, placeOf(pairs[next].Target!));
        }

        if (run.Bytes > 0)
        {
            EmitRun(run);
        }

        foreach (MemberPair pair in pairs.Skip(next))
        {
            if (pair.Target is not null)
            {
                EmitValue(pair.Written, pair.Target.Shape, placeOf(pair.Target));
            }
            else if (pair.Written.FixedBytes > 0)
            {
                EmitSkip(pair.Written.FixedBytes);
            }
            else
            {
                Calls.LoadLink(il, methods.SkipperOf(pair.Written));
                il.Emit(OpCodes.Ldarg, (short)Reader);
                il.Emit(OpCodes.Call, Calls.Skip);
            }
        }
    }

    private void EmitRun(FixedRun run)
    {
        LocalBuilder start = il.DeclareLocal(typeof(byte).MakeByRefType());
        il.Emit(OpCodes.Ldarg, (short)Reader);
        il.Emit(OpCodes.Ldc_I4, run.Bytes);
        il.Emit(OpCodes.Call, Calls.Take);
        il.Emit(OpCodes.Stloc, start);
        EmitRunAt(run, start);
    }

    private void EmitRunAt(FixedRun run, LocalBuilder start)
    {
        foreach (FixedLeaf leaf in run.Leaves)
        {
            leaf.Place.Store(il, () =>
            {
                il.Emit(OpCodes.Ldloc, start);
                il.Emit(OpCodes.Ldc_I4, leaf.Offset);
                il.Emit(OpCodes.Add);
                if (leaf.Kind == ShapeKind.Struct)
                {
                    il.Emit(OpCodes.Unaligned, (byte)1);
                    il.Emit(OpCodes.Ldobj, leaf.Place.Type);
                }
                else
                {
                    il.Emit(OpCodes.Call, Calls.Codec("Read", leaf.Kind));
                }
            });
        }
    }

    private void EmitSkip(int bytes)
    {
        il.Emit(OpCodes.Ldarg, (short)Reader);
        il.Emit(OpCodes.Ldc_I4, bytes);
        il.Emit(OpCodes.Call, Calls.Take);
        il.Emit(OpCodes.Pop);
    }

    private void CallReader(System.Reflection.MethodInfo method)
    {
        il.Emit(OpCodes.Ldarg, (short)Reader);
        il.Emit(OpCodes.Call, method);
    }
}
