using System.Reflection;
using Millrace.Serialization.Collections;
using Millrace.Serialization.Emission;
using Millrace.Serialization.Shapes;

namespace Millrace.Serialization;

/// <summary>Builds the serializers of a set, each once. Not thread-safe; after an error it is not used again.</summary>
internal sealed class SerializerBuilder
{
    private readonly SerializerRegistrations? _registrations;
    private readonly GeneratedMethods _methods;
    private readonly Dictionary<(Type, TypeShape?), TypeSerializer> _serializers = [];
    private readonly Queue<Func<Action>> _emissions = [];

    public SerializerBuilder(SerializerRegistrations? registrations)
    {
        _registrations = registrations;
        _methods = new GeneratedMethods(this);
    }

    /// <summary>What generated code refers to.</summary>
    public SerializerLinks Links { get; } = new();

    /// <summary>
    /// What stands for reading one shape into another: the present shape of a type has no written one.
    /// </summary>
    public static (Type Target, TypeShape? Written) KeyOf(TypeShape written, TypeShape target) =>
        (target.Type!, ReferenceEquals(written, target) ? null : written);

    /// <summary>The serializer that reads one shape into another, and writes the latter.</summary>
    public TypeSerializer SerializerOf(TypeShape written, TypeShape target)
    {
        written = ShapeMatching.Pair(written, target);
        (Type, TypeShape?) key = KeyOf(written, target);
        if (!_serializers.TryGetValue(key, out TypeSerializer? serializer))
        {
            serializer = Build(written, target);
            _serializers[key] = serializer;
        }

        return serializer;
    }

    /// <summary>Gives every serializer made so far its methods; none of them works before.</summary>
    public void Complete()
    {
        // A delegate compiles its method at once, and with it looks up those it calls: all have to be whole by then.
        List<Action> bindings = [];
        while (_emissions.TryDequeue(out Func<Action>? emit))
        {
            bindings.Add(emit());
        }

        bindings.ForEach(bind => bind());
    }

    /// <summary>What passes over values of a shape.</summary>
    public ShapeSkipper SkipperOf(TypeShape written) => new(written, new OpaqueReader(_registrations));

    /// <summary>True when values never change, however deep.</summary>
    public bool IsImmutable(TypeShape shape) => ShapeGraph.NodesOf(shape).TrueForAll(IsImmutableItself);

    private bool IsImmutableItself(TypeShape shape) => shape.Kind switch
    {
        ShapeKind.Struct => !shape.HasIgnored,
        ShapeKind.Class => !shape.HasIgnored && shape.Members.All(member => member.Field!.IsInitOnly),
        ShapeKind.Sequence or ShapeKind.Set or ShapeKind.Map => CollectionChoice.IsImmutable(shape.Type!),
        ShapeKind.Opaque =>
            _registrations!.TryGet(shape.Type!, out TypeSerializer? serializer) && serializer.IsImmutable,
        _ => true,
    };

    private TypeSerializer Build(TypeShape written, TypeShape target)
    {
        if (ReferenceEquals(written, target) && BlockLayout.IsBlock(target))
        {
            return Make(typeof(BlockSerializer<>), [target.Type!], target);
        }

        switch (target.Kind)
        {
            case ShapeKind.String:
                return new StringSerializer(target);
            case ShapeKind.BigInteger:
                return new BigIntegerSerializer(target);
            case ShapeKind.Uri:
                return new UriSerializer(target);
            case ShapeKind.Version:
                return new VersionSerializer(target);
            case ShapeKind.Sequence when target.Type == typeof(Memory<byte>):
                return new MemorySerializer(
                    target, (TypeSerializer<byte>)SerializerOf(written.Element!, target.Element!));
            case ShapeKind.Sequence when target.Type == typeof(ReadOnlyMemory<byte>):
                return new ReadOnlyMemorySerializer(
                    target, (TypeSerializer<byte>)SerializerOf(written.Element!, target.Element!));
            case ShapeKind.Sequence or ShapeKind.Set:
                TypeSerializer elements = SerializerOf(written.Element!, target.Element!);
                (Type serializer, Type[] arguments) = CollectionChoice.For(target.Type!, target.Element!.Type!);
                return Make(serializer, arguments, target, elements);
            case ShapeKind.Map:
                TypeSerializer keys = SerializerOf(written.Key!, target.Key!);
                TypeSerializer values = SerializerOf(written.Element!, target.Element!);
                (Type map, Type[] types) = CollectionChoice.For(target.Type!, target.Key!.Type!, target.Element!.Type!);
                return Make(map, types, target, keys, values);
            case ShapeKind.Opaque:
                return new OpaqueReader(_registrations).Find(written, target)!;
            default:
                return BuildGenerated(written, target);
        }
    }

    private TypeSerializer BuildGenerated(TypeShape written, TypeShape target)
    {
        MethodInfo build = typeof(SerializerBuilder).GetMethod(
            nameof(BuildGeneratedOf), BindingFlags.Instance | BindingFlags.NonPublic)!;
        return build.MakeGenericMethod(target.Type!)
            .CreateDelegate<Func<TypeShape, TypeShape, TypeSerializer>>(this)(written, target);
    }

    private GeneratedSerializer<T> BuildGeneratedOf<T>(TypeShape written, TypeShape target)
    {
        bool leavesGaps = !ReferenceEquals(written, target)
            || ShapeGraph.NodesOf(target).Exists(node => node.HasIgnored);
        GeneratedSerializer<T> serializer = new(target, IsImmutable(target), written.MinBytes, leavesGaps);

        // Known before it has methods: those may refer to it.
        _serializers[KeyOf(written, target)] = serializer;
        _emissions.Enqueue(() => _methods.Emit(serializer, written, target));
        return serializer;
    }

    private static TypeSerializer Make(Type serializer, Type[] arguments, params object[] parts) =>
        (TypeSerializer)Activator.CreateInstance(serializer.MakeGenericType(arguments), parts)!;
}
