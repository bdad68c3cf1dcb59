using System.Reflection;
using System.Reflection.Emit;

namespace Millrace.Serialization;

[TestClass]
public sealed class RandomRecordTests
{
    private static readonly Type[] Leaves =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(char), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(Int128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(Guid),
        typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(string),
        typeof(Colour), typeof(Wide), typeof(Point), typeof(Padded), typeof(Mixed), typeof(WithText), typeof(Line),
        typeof(Order), typeof(Tree), typeof(Branch), typeof(Empty), typeof(Nothing), typeof(Private), typeof(Settable),
    ];

    private static readonly Type[] Wrappers =
    [
        typeof(List<>), typeof(Queue<>), typeof(Stack<>), typeof(IReadOnlyList<>), typeof(Tuple<>),
        typeof(ValueTuple<>), typeof(System.Collections.Immutable.ImmutableArray<>),
    ];

    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, 12).Select(seed => (object[])[seed]);

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void Random_values_of_types_made_at_random_come_back(int seed)
    {
        Random random = new(seed);
        ModuleBuilder module = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName($"Random{seed}"), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("types");
        List<Type> types = [.. Leaves];
        SerializerSet set = new();
        for (int i = 0; i < 12; i++)
        {
            Type type = i % 2 == 0 ? Composed(types, random) : Emitted(module, $"T{i}", types, random);
            types.Add(type);
            for (int j = 0; j < 4; j++)
            {
                object? value = RandomValues.Of(type, random);
                AssertComesBack(type, value, set, seed);
            }
        }
    }

    private static void AssertComesBack(Type type, object? value, SerializerSet set, int seed)
    {
        try
        {
            RoundTrip.Check(type, value, set);
        }
        catch (AssertFailedException e)
        {
            Assert.Fail($"Seed {seed}: {e.Message}");
        }
    }

    private static Type Composed(List<Type> types, Random random)
    {
        Type Any() => types[random.Next(types.Count)];
        Type first = Any();
        return random.Next(5) switch
        {
            0 => first.MakeArrayType(),
            1 when first.IsValueType && Nullable.GetUnderlyingType(first) is null =>
                typeof(Nullable<>).MakeGenericType(first),
            2 => typeof(ValueTuple<,,>).MakeGenericType(first, Any(), Any()),
            3 => typeof(Dictionary<,>).MakeGenericType(Leaves[random.Next(22)], first),
            _ => Wrappers[random.Next(Wrappers.Length)].MakeGenericType(first),
        };
    }

    // A class or struct with public and private fields of random types, in an order that leaves gaps in memory.
    private static Type Emitted(ModuleBuilder module, string name, List<Type> types, Random random)
    {
        bool isStruct = random.Next(2) == 0;
        TypeAttributes attributes = TypeAttributes.Sealed
            | (random.Next(2) == 0 ? TypeAttributes.Public : TypeAttributes.NotPublic)
            | (random.Next(3) == 0 ? TypeAttributes.AutoLayout : TypeAttributes.SequentialLayout);
        TypeBuilder type = module.DefineType(name, attributes, isStruct ? typeof(ValueType) : typeof(object));
        int fields = random.Next(1, 9);
        for (int i = 0; i < fields; i++)
        {
            FieldAttributes visibility = random.Next(2) == 0 ? FieldAttributes.Public : FieldAttributes.Private;
            type.DefineField($"f{i}", types[random.Next(types.Count)], visibility);
        }

        if (!isStruct)
        {
            type.DefineDefaultConstructor(MethodAttributes.Private);
        }

        return type.CreateType();
    }
}
