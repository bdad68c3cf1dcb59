using System.Collections.Immutable;
using System.Numerics;

namespace Millrace.Serialization;

// Types of records as programs declare them; what the tests of this folder send through bytes and back.
#pragma warning disable CA1815, CA1051, SA1402, IDE0251, CA1062, IDE0290, CA2227

public enum Colour : byte
{
    Red = 1,
    Blue = 200,
}

public enum Wide : long
{
    Low = long.MinValue,
    High = long.MaxValue,
}

public readonly record struct Point(int X, int Y);

public record struct Padded(byte Small, long Large);

public record struct Mixed(bool Flag, DateTime At, decimal Amount, Colour Colour, Point Where);

public record struct WithText(string? Text, Point Where, int? Maybe, Point? MaybeWhere);

public record struct Empty;

public sealed record Nothing;

public sealed record Line(string Product, int Quantity, decimal Price);

public sealed record Order(
    Guid Id, string? Customer, IReadOnlyList<Line>? Lines, DateTimeOffset At, Dictionary<string, int>? Tags,
    Colour? Colour);

internal sealed record Hidden(string Name, Hidden.Inner Part)
{
    internal sealed class Inner
    {
        private Inner()
        {
        }

        public int Value { get; private set; }

        public static Inner Of(int value) => new() { Value = value };
    }
}

public class Settable
{
    public int Number { get; set; } = 7;

    public string Text { get; init; } = "initial";

    public List<Point>? Points { get; set; }

    public int Doubled => Number * 2;
}

public class Animal
{
    public string? Name { get; set; }
}

public sealed class Dog : Animal
{
    public int Barks { get; set; }
}

public record Shape(string Name);

public sealed record Circle(string Name, int Radius) : Shape(Name);

public sealed class Private
{
    private readonly int _secret;
    private readonly List<string> _log = [];

    public Private(int secret) => _secret = secret;

    public int Secret => _secret;

    public IReadOnlyList<string> Log => _log;

    [MillraceIgnore]
    public string? Cache { get; set; }

    public void Add(string line) => _log.Add(line);
}

// The constructor makes something else of its argument: what was stored has to come back all the same.
public sealed class Doubling(int value)
{
    public int Value { get; } = value * 2;
}

public sealed record Node(int Value, Node? Next);

public sealed record Tree(string Label, List<Tree>? Children, Dictionary<int, Tree>? ByNumber);

public record struct Branch(int Value, List<Branch>? Branches);

public sealed class Everything
{
    public bool Boolean { get; set; }

    public byte Byte { get; set; }

    public sbyte SByte { get; set; }

    public short Int16 { get; set; }

    public ushort UInt16 { get; set; }

    public char Char { get; set; }

    public int Int32 { get; set; }

    public uint UInt32 { get; set; }

    public long Int64 { get; set; }

    public ulong UInt64 { get; set; }

    public Int128 Int128 { get; set; }

    public UInt128 UInt128 { get; set; }

    public Half Half { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    public decimal Decimal { get; set; }

    public Guid Guid { get; set; }

    public DateTime DateTime { get; set; }

    public DateTimeOffset DateTimeOffset { get; set; }

    public TimeSpan TimeSpan { get; set; }

    public DateOnly DateOnly { get; set; }

    public TimeOnly TimeOnly { get; set; }

    public string? String { get; set; }

    public BigInteger BigInteger { get; set; }

    public Uri? Uri { get; set; }

    public Version? Version { get; set; }

    public Colour Colour { get; set; }

    public Wide Wide { get; set; }

    public int? NullableInt { get; set; }

    public DateTime? NullableDate { get; set; }

    public WithText? NullableStruct { get; set; }

    public byte[]? Bytes { get; set; }

    public ReadOnlyMemory<byte> Memory { get; set; }

    public int[]? Ints { get; set; }

    public string?[]? Strings { get; set; }

    public int[][]? Jagged { get; set; }

    public List<Padded>? Structs { get; set; }

    public Queue<string>? Queue { get; set; }

    public Stack<int>? Stack { get; set; }

    public ImmutableArray<int> ImmutableArray { get; set; }

    public ImmutableList<string>? ImmutableList { get; set; }

    public LinkedList<string>? LinkedList { get; set; }

    public ImmutableHashSet<string>? ImmutableSet { get; set; }

    public ImmutableSortedSet<int>? ImmutableSortedSet { get; set; }

    public ImmutableDictionary<string, List<int>>? ImmutableMap { get; set; }

    public ImmutableSortedDictionary<int, string?>? ImmutableSortedMap { get; set; }

    public SortedList<int, string?>? SortedList { get; set; }

    public HashSet<string>? Set { get; set; }

    public SortedSet<int>? SortedSet { get; set; }

    public ISet<long>? AnySet { get; set; }

    public Dictionary<string, List<int>>? Map { get; set; }

    public SortedDictionary<int, string?>? SortedMap { get; set; }

    public IReadOnlyDictionary<Point, Line>? AnyMap { get; set; }

    public IEnumerable<double>? Sequence { get; set; }

    public (int First, string? Second) Pair { get; set; }

    public Tuple<int, string?>? Tuple { get; set; }

    public KeyValuePair<string, Point> Entry { get; set; }

    public Order? Order { get; set; }

    public Mixed Mixed { get; set; }

    public Empty Empty { get; set; }

    public Nothing? Nothing { get; set; }
}
