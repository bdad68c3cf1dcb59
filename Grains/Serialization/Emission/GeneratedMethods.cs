using System.Reflection.Emit;

namespace Millrace.Serialization.Emission;

/// <summary>The methods generated for types, each made when it is first asked for.</summary>
/// <remarks>
/// Dynamic methods rather than a dynamic assembly: they reach what is private, refer to types by handle whatever load
/// context these live in, and go away with the last delegate. The first argument of each is
/// the <see cref="SerializerLinks"/>.
/// </remarks>
internal sealed class GeneratedMethods(SerializerBuilder builder)
{
    private readonly Dictionary<Type, DynamicMethod> _write = [];
    private readonly Dictionary<Type, DynamicMethod> _copy = [];
    private readonly Dictionary<(Type Target, TypeShape? Written), DynamicMethod> _read = [];

    /// <summary>Emits the methods of a serializer.</summary>
    /// <returns>What gives them to the serializer, once the methods of all others are emitted as well.</returns>
    public Action Emit<T>(GeneratedSerializer<T> serializer, TypeShape written, TypeShape target)
    {
        DynamicMethod writeMany = WriteMany(target);
        DynamicMethod readMany = ReadMany(written, target);
        DynamicMethod write = WriteOne(target);
        DynamicMethod read = ReadOne(written, target);
        DynamicMethod copy = CopyOne(target);
        return () => serializer.Bind(
            write.CreateDelegate<GeneratedSerializer<T>.WriteOne>(builder.Links),
            writeMany.CreateDelegate<GeneratedSerializer<T>.WriteMany>(builder.Links),
            read.CreateDelegate<GeneratedSerializer<T>.ReadOne>(builder.Links),
            readMany.CreateDelegate<GeneratedSerializer<T>.ReadMany>(builder.Links),
            copy.CreateDelegate<GeneratedSerializer<T>.CopyOne>(builder.Links));
    }

    /// <summary>Writes the value at an address.</summary>
    public DynamicMethod WriteOne(TypeShape shape)
    {
        Type type = shape.Type!;
        if (!_write.TryGetValue(type, out DynamicMethod? method))
        {
            method = Define("Write", type, typeof(RecordWriter), type.MakeByRefType());
            _write.Add(type, method);
            ILGenerator il = method.GetILGenerator();
            new WriteEmitter(il, this).EmitBody(shape, Place.AtArgument(WriteEmitter.Value, type));
            il.Emit(OpCodes.Ret);
        }

        return method;
    }

    /// <summary>Reads a value to an address.</summary>
    public DynamicMethod ReadOne(TypeShape written, TypeShape target)
    {
        Type type = target.Type!;
        (Type, TypeShape?) key = SerializerBuilder.KeyOf(written, target);
        if (!_read.TryGetValue(key, out DynamicMethod? method))
        {
            method = Define("Read", type, typeof(RecordReader).MakeByRefType(), type.MakeByRefType());
            _read.Add(key, method);
            ILGenerator il = method.GetILGenerator();
            new ReadEmitter(il, this).EmitBody(written, target, Place.AtArgument(ReadEmitter.Value, type));
            il.Emit(OpCodes.Ret);
        }

        return method;
    }

    /// <summary>Copies the value at one address to another.</summary>
    public DynamicMethod CopyOne(TypeShape shape)
    {
        Type type = shape.Type!;
        if (!_copy.TryGetValue(type, out DynamicMethod? method))
        {
            method = Define("Copy", type, type.MakeByRefType(), type.MakeByRefType());
            _copy.Add(type, method);
            ILGenerator il = method.GetILGenerator();
            Place from = Place.AtArgument(CopyEmitter.Source, type);
            new CopyEmitter(il, this).EmitBody(shape, from, Place.AtArgument(CopyEmitter.Destination, type));
            il.Emit(OpCodes.Ret);
        }

        return method;
    }

    /// <summary>The number of the serializer of a shape.</summary>
    public int LinkOf(TypeShape shape) => LinkOf(shape, shape);

    /// <summary>The number of the serializer that reads one shape into another.</summary>
    public int LinkOf(TypeShape written, TypeShape target) => builder.Links.Add(builder.SerializerOf(written, target));

    /// <summary>The number of what passes over values of a shape.</summary>
    public int SkipperOf(TypeShape written) => builder.Links.Add(builder.SkipperOf(written));

    /// <summary>True when values never change.</summary>
    public bool IsImmutable(TypeShape shape) => builder.IsImmutable(shape);

    private DynamicMethod WriteMany(TypeShape shape)
    {
        Type type = shape.Type!;
        DynamicMethod method = Define("WriteMany", type, typeof(RecordWriter), type.MakeByRefType(), typeof(int));
        ILGenerator il = method.GetILGenerator();
        Place element = Place.AtArgument(ElementLoop.Element, type);
        WriteEmitter emitter = new(il, this);
        if (FixedRun.Takes(shape))
        {
            emitter.EmitFixedLoop(shape, element);
        }
        else
        {
            ElementLoop.Emit(il, type, () => emitter.EmitBody(shape, element));
        }

        il.Emit(OpCodes.Ret);
        return method;
    }

    private DynamicMethod ReadMany(TypeShape written, TypeShape target)
    {
        Type type = target.Type!;
        DynamicMethod method = Define(
            "ReadMany", type, typeof(RecordReader).MakeByRefType(), type.MakeByRefType(), typeof(int));
        ILGenerator il = method.GetILGenerator();
        Place element = Place.AtArgument(ElementLoop.Element, type);
        ReadEmitter emitter = new(il, this);
        if (ReferenceEquals(written, target) && FixedRun.Takes(target))
        {
            emitter.EmitFixedLoop(target, element);
        }
        else
        {
            ElementLoop.Emit(il, type, () => emitter.EmitBody(written, target, element));
        }

        il.Emit(OpCodes.Ret);
        return method;
    }

    private static DynamicMethod Define(string verb, Type type, params Type[] arguments) =>
        new(
            $"{verb}_{type.Name}",
            typeof(void),
            [typeof(SerializerLinks), .. arguments],
            restrictedSkipVisibility: true);
}
