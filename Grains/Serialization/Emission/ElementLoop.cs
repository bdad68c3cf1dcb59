using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>The loop of methods that take many values: the address of the first and how many there are.</summary>
internal static class ElementLoop
{
    /// <summary>The argument that holds the address of the present value.</summary>
    public const int Element = 2;

    /// <summary>The argument that says how many values are left.</summary>
    public const int Count = 3;

    /// <summary>Repeats a body for each of so many neighbouring values.</summary>
    public static void Emit(ILGenerator il, Type type, Action emitBody)
    {
        Label check = il.DefineLabel();
        Label next = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(next);
        emitBody();
        EmitAdvance(il, Element, type);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Starg_S, (byte)Count);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Bgt, next);
    }

    /// <summary>Moves the address that an argument holds on to the next value.</summary>
    public static void EmitAdvance(ILGenerator il, int argument, Type type)
    {
        il.Emit(OpCodes.Ldarg, (short)argument);
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Starg, (short)argument);
    }

    /// <summary>Moves an address on.</summary>
    public static void EmitStep(ILGenerator il, LocalBuilder address, int bytes)
    {
        il.Emit(OpCodes.Ldloc, address);
        il.Emit(OpCodes.Ldc_I4, bytes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, address);
    }
}
