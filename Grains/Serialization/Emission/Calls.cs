using System.Reflection;
using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>What generated code calls.</summary>
internal static class Calls
{
    private const BindingFlags Any =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static readonly MethodInfo Advance = Of(typeof(RecordWriter), nameof(RecordWriter.Advance));
    public static readonly MethodInfo AdvanceMany = Of(typeof(RecordWriter), nameof(RecordWriter.AdvanceMany));
    public static readonly MethodInfo WriteString = Of(typeof(RecordWriter), nameof(RecordWriter.WriteString));
    public static readonly MethodInfo WriterEnter = Of(typeof(RecordWriter), nameof(RecordWriter.Enter));
    public static readonly MethodInfo WriterLeave = Of(typeof(RecordWriter), nameof(RecordWriter.Leave));

    public static readonly MethodInfo Take = Of(typeof(RecordReader), nameof(RecordReader.Take));
    public static readonly MethodInfo TakeMany = Of(typeof(RecordReader), nameof(RecordReader.TakeMany));
    public static readonly MethodInfo ReadString = Of(typeof(RecordReader), nameof(RecordReader.ReadString));
    public static readonly MethodInfo ReadBoolean = Of(typeof(RecordReader), nameof(RecordReader.ReadBoolean));
    public static readonly MethodInfo ReaderEnter = Of(typeof(RecordReader), nameof(RecordReader.Enter));
    public static readonly MethodInfo ReaderLeave = Of(typeof(RecordReader), nameof(RecordReader.Leave));
    public static readonly MethodInfo Skip = Of(typeof(ShapeSkipper), nameof(ShapeSkipper.Skip));

    public static readonly MethodInfo Combine = Of(typeof(State.KeyHash), nameof(State.KeyHash.Combine));

    public static readonly MethodInfo Items =
        typeof(SerializerLinks).GetProperty(nameof(SerializerLinks.Items))!.GetMethod!;
    public static readonly MethodInfo EnsureStack = Of(typeof(ValueGuard), nameof(ValueGuard.EnsureStack));
    public static readonly MethodInfo ThrowDerived = Of(typeof(ValueGuard), nameof(ValueGuard.ThrowDerived));

    private static readonly MethodInfo GetTypeOf = Of(typeof(object), nameof(GetType));
    private static readonly MethodInfo FromHandle = Of(typeof(Type), nameof(Type.GetTypeFromHandle));
    private static readonly MethodInfo SameType = Of(typeof(Type), "op_Equality");

    /// <summary>The method of <see cref="FixedCodec"/> that writes or reads a kind.</summary>
    public static MethodInfo Codec(string verb, ShapeKind kind) => Of(typeof(FixedCodec), $"{verb}{kind}");

    /// <summary>The method of <see cref="State.KeyHash"/> that hashes or compares a kind.</summary>
    public static MethodInfo KeyHash(string verb, ShapeKind kind) => Of(typeof(State.KeyHash), $"{verb}{kind}");

    /// <summary>A method of a serializer.</summary>
    public static MethodInfo Serializer(string name, Type type) =>
        Of(typeof(TypeSerializer<>).MakeGenericType(type), name);

    /// <summary>A method of a nullable value type.</summary>
    public static MethodInfo NullableValue(string name, Type nullable) => Of(nullable, name);

    /// <summary>The address of what a nullable holds.</summary>
    public static MethodInfo NullableAddress(Type inner) =>
        Of(typeof(Nullable), nameof(Nullable.GetValueRefOrDefaultRef)).MakeGenericMethod(inner);

    /// <summary>Puts the object of a number onto the stack.</summary>
    public static void LoadLink(ILGenerator il, int number)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Items);
        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    /// <summary>
    /// Throws when an object is of a type derived from the declared one: its own members would be lost.
    /// </summary>
    public static void RefuseDerived(ILGenerator il, LocalBuilder value, Type declared)
    {
        if (declared.IsSealed)
        {
            return;
        }

        Label same = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Call, GetTypeOf);
        il.Emit(OpCodes.Ldtoken, declared);
        il.Emit(OpCodes.Call, FromHandle);
        il.Emit(OpCodes.Call, SameType);
        il.Emit(OpCodes.Brtrue, same);
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Ldtoken, declared);
        il.Emit(OpCodes.Call, FromHandle);
        il.Emit(OpCodes.Call, ThrowDerived);
        il.MarkLabel(same);
    }

    private static MethodInfo Of(Type type, string name) =>
        type.GetMethod(name, Any) ?? throw new MissingMethodException(type.FullName, name);
}
