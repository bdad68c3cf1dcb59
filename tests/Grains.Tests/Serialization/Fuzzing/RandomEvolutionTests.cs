using System.Reflection;

namespace Millrace.Serialization.Fuzzing;

[TestClass]
public sealed class RandomEvolutionTests
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type[] Simple =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(char), typeof(int),
        typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half), typeof(float),
        typeof(double), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(TimeSpan), typeof(Colour), typeof(Wide),
    ];

    [TestMethod]
    [DynamicData(nameof(FuzzSeeds.All), typeof(FuzzSeeds))]
    public void A_type_changed_at_random_reads_its_older_data_by_the_rules_or_refuses_them(int seed)
    {
        Random random = new(seed);
        RandomTypes types = new(random, $"Evolution{seed}");
        for (int i = 0; i < 25; i++)
        {
            bool isStruct = random.Next(2) == 0;
            Member[] before = [.. Enumerable.Range(0, random.Next(1, 8)).Select(
                j => new Member($"f{j}", Any(random), null, null))];
            Member[] after = Changed(before, random);
            Type written = types.Emit(isStruct, before.Select(member => (member.Name, member.Type, (string?)null)));
            Type present = types.Emit(isStruct, after.Select(member => (member.Name, member.Type, member.Former)));
            object value = RandomValues.Of(written, random)!;
            string what = $"Seed {seed}, {i}: {string.Join(", ", before)} as {string.Join(", ", after)}";

            bool allowed = Array.TrueForAll(
                after, member => member.Source is not { } source || EvolutionRules.Allow(source.Type, member.Type));
            object? read = null;
            Exception? error = null;
            try
            {
                read = Evolved(written, present, value);
            }
            catch (IncompatibleShapeException e)
            {
                error = e;
            }

            Assert.AreEqual(allowed, error is null, $"{what}: {error?.Message}");
            if (error is null)
            {
                AssertRead(after, value, read!, what);
            }
        }
    }

    private static void AssertRead(Member[] after, object value, object read, string what)
    {
        foreach (Member member in after)
        {
            object? expected = member.Source is { } source
                ? value.GetType().GetField(source.Name, Fields)!.GetValue(value)
                : member.Type.IsValueType ? Activator.CreateInstance(member.Type) : null;
            object? found = read.GetType().GetField(member.Name, Fields)!.GetValue(read);
            Assert.AreEqual(EvolutionRules.TextOf(expected), EvolutionRules.TextOf(found), $"{what}: {member}");
        }
    }

    // Members leave, stay, change their type, are renamed, come anew, and stand in another order.
    private static Member[] Changed(Member[] before, Random random)
    {
        List<Member> after = [];
        foreach (Member member in before)
        {
            switch (random.Next(5))
            {
                case 0:
                    break;
                case 1:
                    after.Add(member with { Type = Other(member.Type, random), Source = member });
                    break;
                case 2:
                    after.Add(new Member($"r{after.Count}", member.Type, member.Name, member));
                    break;
                default:
                    after.Add(member with { Source = member });
                    break;
            }
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            after.Add(new Member($"n{i}", Any(random), null, null));
        }

        Member[] order = [.. after];
        random.Shuffle(order);
        return order;
    }

    private static Type Any(Random random)
    {
        Type simple = Simple[random.Next(Simple.Length)];
        return random.Next(6) switch
        {
            0 => typeof(string),
            1 => simple.MakeArrayType(),
            2 => typeof(List<>).MakeGenericType(simple),
            3 => typeof(Nullable<>).MakeGenericType(simple),
            _ => simple,
        };
    }

    private static Type Other(Type type, Random random)
    {
        bool canBeNullable = type.IsValueType && Nullable.GetUnderlyingType(type) is null;
        return random.Next(3) switch
        {
            0 when canBeNullable => typeof(Nullable<>).MakeGenericType(type),
            1 when type.IsArray => typeof(List<>).MakeGenericType(Simple[random.Next(Simple.Length)]),
            2 => Any(random),
            _ => Simple[random.Next(Simple.Length)],
        };
    }

    private static object? Evolved(Type written, Type present, object value)
    {
        try
        {
            return typeof(RandomEvolutionTests)
                .GetMethod(nameof(EvolvedAs), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(written, present)
                .Invoke(null, [value]);
        }
        catch (TargetInvocationException e) when (e.InnerException is IncompatibleShapeException refused)
        {
            throw refused;
        }
    }

    private static TPresent EvolvedAs<TWritten, TPresent>(TWritten value)
    {
        SerializerSet set = new();
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, set.Get<TWritten>().Shape);
        RecordReader shape = new(writer.WrittenSpan);
        TypeSerializer<TPresent> reader = set.CreateReader<TPresent>(ShapeCodec.Read(ref shape));
        return RoundTrip.ReadOne(reader, RoundTrip.BytesOf(value, set));
    }

    private sealed record Member(string Name, Type Type, string? Former, Member? Source)
    {
        public override string ToString() => $"{Type.Name} {Name}{(Former is null ? "" : $" ({Former})")}";
    }
}
