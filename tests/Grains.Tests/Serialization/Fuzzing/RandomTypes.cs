using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;

namespace Millrace.Serialization.Fuzzing;

/// <summary>Makes types nobody has thought of: combinations of known ones, and classes and structs made at run
/// time.</summary>
internal sealed class RandomTypes(Random random, string name)
{
    private const int KeyTypes = 22;

    private static readonly Type[] Leaves =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(char), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(Int128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(Guid),
        typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(string),
        typeof(Colour), typeof(Wide), typeof(Point), typeof(Padded), typeof(Mixed), typeof(WithText), typeof(Line),
        typeof(Order), typeof(Tree), typeof(Branch), typeof(Empty), typeof(Nothing), typeof(Private), typeof(Settable),
        typeof(Version), typeof(Uri), typeof(System.Numerics.BigInteger),
    ];

    private static readonly Type[] Wrappers =
    [
        typeof(List<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(IReadOnlyList<>),
        typeof(Tuple<>), typeof(ValueTuple<>), typeof(ImmutableArray<>), typeof(ImmutableList<>),
    ];

    private static readonly Type[] Sets = [typeof(HashSet<>), typeof(ISet<>), typeof(ImmutableHashSet<>)];

    private static readonly Type[] Maps =
        [typeof(Dictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(ImmutableDictionary<,>)];

    private readonly ModuleBuilder _module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.RunAndCollect)
        .DefineDynamicModule("types");

    private readonly List<Type> _types = [.. Leaves];
    private int _made;

    /// <summary>A type made of any of those before it.</summary>
    public Type Next()
    {
        Type type = _made % 2 == 0 ? Composed() : Emitted();
        _types.Add(type);
        _made++;
        return type;
    }

    /// <summary>A class or struct with fields of one's choice, public and private, each with a former name or
    /// none.</summary>
    public Type Emit(bool isStruct, params IEnumerable<(string Name, Type Type, string? Former)> fields)
    {
        TypeAttributes attributes = TypeAttributes.Sealed
            | (random.Next(2) == 0 ? TypeAttributes.Public : TypeAttributes.NotPublic)
            | (random.Next(3) == 0 ? TypeAttributes.AutoLayout : TypeAttributes.SequentialLayout);
        TypeBuilder type = _module.DefineType(
            $"T{_module.GetTypes().Length}", attributes, isStruct ? typeof(ValueType) : typeof(object));
        foreach ((string field, Type fieldType, string? former) in fields)
        {
            FieldBuilder made = type.DefineField(
                field, fieldType, random.Next(2) == 0 ? FieldAttributes.Public : FieldAttributes.Private);
            if (former is not null)
            {
                made.SetCustomAttribute(new CustomAttributeBuilder(
                    typeof(MillraceFieldAttribute).GetConstructors().Single(), [(string[])[former]]));
            }
        }

        if (!isStruct)
        {
            type.DefineDefaultConstructor(MethodAttributes.Private);
        }

        return type.CreateType();
    }

    private Type Any() => _types[random.Next(_types.Count)];

    private Type Composed()
    {
        Type first = Any();
        return random.Next(6) switch
        {
            0 => first.MakeArrayType(),
            1 when first.IsValueType && Nullable.GetUnderlyingType(first) is null =>
                typeof(Nullable<>).MakeGenericType(first),
            2 => typeof(ValueTuple<,,>).MakeGenericType(first, Any(), Any()),
            3 => Maps[random.Next(Maps.Length)].MakeGenericType(Leaves[random.Next(KeyTypes)], first),
            4 => Sets[random.Next(Sets.Length)].MakeGenericType(Leaves[random.Next(KeyTypes)]),
            _ => Wrappers[random.Next(Wrappers.Length)].MakeGenericType(first),
        };
    }

    // In an order that leaves gaps in memory.
    private Type Emitted() => Emit(
        random.Next(2) == 0,
        Enumerable.Range(0, random.Next(1, 9)).Select(i => ($"f{i}", Any(), (string?)null)));
}
