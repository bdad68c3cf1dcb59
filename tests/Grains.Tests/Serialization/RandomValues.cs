using System.Collections;
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

/// <summary>
/// Random values of any type that can be serialized, from a seeded source. Objects are filled field by field.
/// </summary>
internal static class RandomValues
{
    private const int MaxDepth = 5;
    private const int MaxElements = 4;

    private static readonly string[] Texts =
    [
        "", "a", "ascii of some length, longer than a block of sixteen", "ümlaut", "\0", "𝄞 clef", "\uD800 lone",
        "tail \uDC00",
    ];

    private static readonly Dictionary<Type, Func<Random, object>> Simple = new()
    {
        [typeof(bool)] = r => r.Next(2) == 0,
        [typeof(byte)] = r => (byte)r.Next(),
        [typeof(sbyte)] = r => (sbyte)r.Next(),
        [typeof(short)] = r => (short)r.Next(),
        [typeof(ushort)] = r => (ushort)r.Next(),
        [typeof(char)] = r => (char)r.Next(),
        [typeof(int)] = r => r.Next(int.MinValue, int.MaxValue),
        [typeof(uint)] = r => (uint)r.NextInt64(),
        [typeof(long)] = r => r.NextInt64(long.MinValue, long.MaxValue),
        [typeof(ulong)] = r => (ulong)r.NextInt64(long.MinValue, long.MaxValue),
        [typeof(Int128)] = r => new Int128((ulong)r.NextInt64(), (ulong)r.NextInt64()),
        [typeof(UInt128)] = r => new UInt128((ulong)r.NextInt64(), (ulong)r.NextInt64()),
        [typeof(Half)] = r => (Half)r.NextDouble(),
        [typeof(float)] = r => r.NextSingle() * 1e20f,
        [typeof(double)] = r => r.Next(8) == 0 ? double.NaN : r.NextDouble() * 1e200,
        [typeof(decimal)] = r => new decimal(r.Next(), r.Next(), r.Next(), r.Next(2) == 0, (byte)r.Next(29)),
        [typeof(Guid)] = r => new Guid(r.Next(), (short)r.Next(), (short)r.Next(), 1, 2, 3, 4, 5, 6, 7, (byte)r.Next()),
        [typeof(DateTime)] = r => new DateTime(r.NextInt64(DateTime.MaxValue.Ticks), (DateTimeKind)r.Next(3)),
        [typeof(DateTimeOffset)] = r => new DateTimeOffset(
            r.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks / 2), TimeSpan.FromMinutes(r.Next(-840, 841))),
        [typeof(TimeSpan)] = r => new TimeSpan(r.NextInt64(long.MinValue, long.MaxValue)),
        [typeof(DateOnly)] = r => DateOnly.FromDayNumber(r.Next(DateOnly.MaxValue.DayNumber)),
        [typeof(TimeOnly)] = r => new TimeOnly(r.NextInt64(TimeSpan.TicksPerDay)),
        [typeof(string)] = r => r.Next(3) == 0
            ? Texts[r.Next(Texts.Length)]
            : new string((char)r.Next('a', 0x3000), r.Next(90)),
        [typeof(BigInteger)] = r => BigInteger.Pow(r.Next(-1000, 1000), r.Next(40)),
        [typeof(Version)] = r => r.Next(2) == 0
            ? new Version(r.Next(), r.Next())
            : new Version(r.Next(), r.Next(), r.Next(), r.Next()),
        [typeof(Uri)] = r => new Uri($"https://host{r.Next(100)}/path?q={r.Next()}"),
    };

    public static object? Of(Type type, Random random, int depth = 0)
    {
        if (depth > 0 && random.Next(6) == 0 && (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null))
        {
            return null;
        }

        if (Simple.TryGetValue(type, out Func<Random, object>? simple))
        {
            return simple(random);
        }

        if (type.IsEnum)
        {
            return Enum.ToObject(type, Of(Enum.GetUnderlyingType(type), random)!);
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner, random, depth);
        }

        if (type.IsArray || IsCollection(type))
        {
            return Collection(type, random, depth);
        }

        return type == typeof(ReadOnlyMemory<byte>)
            ? new ReadOnlyMemory<byte>([1, 2, (byte)random.Next()])
            : Composite(type, random, depth);
    }

    private static bool IsCollection(Type type) =>
        type.IsGenericType
        && type.Namespace!.StartsWith("System.Collections", StringComparison.Ordinal)
        && type.GetGenericTypeDefinition() != typeof(KeyValuePair<,>);

    private static object? Composite(Type type, Random random, int depth)
    {
        if (depth > MaxDepth && !type.IsValueType)
        {
            return null;
        }

        object value = RuntimeHelpers.GetUninitializedObject(type);
        for (Type? at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            const BindingFlags Declared =
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (FieldInfo field in at.GetFields(Declared))
            {
                field.SetValue(value, Of(field.FieldType, random, depth + 1));
            }
        }

        return value;
    }

    private static object? Collection(Type type, Random random, int depth)
    {
        Type[] parts = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        Type element = parts.Length == 2 ? typeof(KeyValuePair<,>).MakeGenericType(parts) : parts[0];
        int count = depth > MaxDepth ? 0 : random.Next(MaxElements);
        Array items = Array.CreateInstance(element, count);
        for (int i = 0; i < count; i++)
        {
            object? item = parts.Length == 2 ? Entry(element, parts, random, depth) : Of(element, random, depth + 1);
            items.SetValue(item, i);
        }

        if (type.IsArray)
        {
            return items;
        }

        MethodInfo make = typeof(RandomValues).GetMethod(
            parts.Length == 2 ? nameof(MakeMap) : nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!;
        return make.MakeGenericMethod(parts).Invoke(null, [type.GetGenericTypeDefinition(), items]);
    }

    private static object Entry(Type entry, Type[] parts, Random random, int depth)
    {
        object? key = null;
        while (key is null)
        {
            key = Of(parts[0], random, parts[0].IsValueType ? depth + 1 : 0);
        }

        return Activator.CreateInstance(entry, key, Of(parts[1], random, depth + 1))!;
    }

    private static object Make<T>(Type type, IEnumerable<T> items) => type switch
    {
        _ when type == typeof(Queue<>) => new Queue<T>(items),
        _ when type == typeof(Stack<>) => new Stack<T>(items),
        _ when type == typeof(HashSet<>) || type == typeof(ISet<>) || type == typeof(IReadOnlySet<>) =>
            new HashSet<T>(items),
        _ when type == typeof(SortedSet<>) => new SortedSet<T>(items),
        _ when type == typeof(ImmutableArray<>) => items.ToImmutableArray(),
        _ when type == typeof(ImmutableList<>) => items.ToImmutableList(),
        _ when type == typeof(ImmutableHashSet<>) => items.ToImmutableHashSet(),
        _ when type == typeof(ImmutableSortedSet<>) => items.ToImmutableSortedSet(),
        _ when type == typeof(LinkedList<>) => new LinkedList<T>(items),
        _ => new List<T>(items),
    };

    private static IEnumerable MakeMap<TKey, TValue>(Type type, IEnumerable<KeyValuePair<TKey, TValue>> items)
        where TKey : notnull
    {
        IDictionary<TKey, TValue> map = type switch
        {
            _ when type == typeof(SortedDictionary<,>) => new SortedDictionary<TKey, TValue>(),
            _ when type == typeof(SortedList<,>) => new SortedList<TKey, TValue>(),
            _ => new Dictionary<TKey, TValue>(),
        };
        foreach ((TKey key, TValue value) in items)
        {
            map[key] = value;
        }

        return type switch
        {
            _ when type == typeof(ImmutableDictionary<,>) => map.ToImmutableDictionary(),
            _ when type == typeof(ImmutableSortedDictionary<,>) => map.ToImmutableSortedDictionary(),
            _ => map,
        };
    }
}
