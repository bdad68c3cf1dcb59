using System.Reflection;
using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>
/// Where a value stands in generated code: an address or object, and the fields that lead on from it.
/// </summary>
internal sealed class Place
{
    private readonly Action<ILGenerator> _pushBase;
    private readonly Type _baseType;
    private readonly FieldInfo[] _fields;

    private Place(Action<ILGenerator> pushBase, Type baseType, FieldInfo[] fields)
    {
        _pushBase = pushBase;
        _baseType = baseType;
        _fields = fields;
    }

    /// <summary>The type of the value.</summary>
    public Type Type => _fields.Length == 0 ? _baseType : _fields[^1].FieldType;

    /// <summary>The value at the address that an argument holds.</summary>
    public static Place AtArgument(int argument, Type type) =>
        new(il => il.Emit(OpCodes.Ldarg, (short)argument), type, []);

    /// <summary>The value at the address that a variable of a reference type to it holds.</summary>
    public static Place At(LocalBuilder address, Type type) => new(il => il.Emit(OpCodes.Ldloc, address), type, []);

    /// <summary>The value of a variable.</summary>
    public static Place In(LocalBuilder variable) =>
        new(il => il.Emit(OpCodes.Ldloca, variable), variable.LocalType, []);

    /// <summary>The object that a variable refers to; only its fields are places.</summary>
    public static Place Inside(LocalBuilder reference) =>
        new(il => il.Emit(OpCodes.Ldloc, reference), reference.LocalType, []);

    /// <summary>A field of the struct that stands here.</summary>
    public Place Then(FieldInfo field) => new(_pushBase, _baseType, [.. _fields, field]);

    /// <summary>Puts the value onto the stack.</summary>
    public void Load(ILGenerator il)
    {
        PushOwner(il);
        if (_fields.Length == 0)
        {
            il.Emit(OpCodes.Ldobj, _baseType);
        }
        else
        {
            il.Emit(OpCodes.Ldfld, _fields[^1]);
        }
    }

    /// <summary>Puts the address of the value onto the stack.</summary>
    public void LoadAddress(ILGenerator il)
    {
        PushOwner(il);
        if (_fields.Length > 0)
        {
            il.Emit(OpCodes.Ldflda, _fields[^1]);
        }
    }

    /// <summary>Stores what <paramref name="pushValue"/> puts onto the stack.</summary>
    public void Store(ILGenerator il, Action pushValue)
    {
        PushOwner(il);
        pushValue();
        if (_fields.Length == 0)
        {
            il.Emit(OpCodes.Stobj, _baseType);
        }
        else
        {
            il.Emit(OpCodes.Stfld, _fields[^1]);
        }
    }

    /// <summary>Stores the default of the type.</summary>
    public void Clear(ILGenerator il)
    {
        LoadAddress(il);
        il.Emit(OpCodes.Initobj, Type);
    }

    private void PushOwner(ILGenerator il)
    {
        _pushBase(il);
        for (int i = 0; i < _fields.Length - 1; i++)
        {
            il.Emit(OpCodes.Ldflda, _fields[i]);
        }
    }
}
