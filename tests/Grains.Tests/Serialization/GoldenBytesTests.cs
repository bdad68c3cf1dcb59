using System.Collections.Immutable;
using System.Numerics;

namespace Millrace.Serialization;

/// <summary>
/// The bytes of every kind of value, written out by hand from docs/formats/records.md: they are stored, so they stay.
/// </summary>
[TestClass]
public sealed class GoldenBytesTests
{
    private readonly SerializerSet _set = new();

    [TestMethod]
    public void Numbers()
    {
        Holds(true, "01");
        Holds(false, "00");
        Holds<byte>(0xAB, "AB");
        Holds<sbyte>(-2, "FE");
        Holds<short>(-2, "FEFF");
        Holds<ushort>(0x1234, "3412");
        Holds('é', "E900");
        Holds(0x12345678, "78563412");
        Holds(0xFEDCBA98u, "98BADCFE");
        Holds(0x0123456789ABCDEF, "EFCDAB8967452301");
        Holds(0xFEDCBA9876543210, "1032547698BADCFE");
        Holds(new Int128(0x0011223344556677, 0x8899AABBCCDDEEFF), "FFEEDDCCBBAA99887766554433221100");
        Holds(new UInt128(1, 2), "02000000000000000100000000000000");
        Holds((Half)1.5, "003E");
        Holds(1.5f, "0000C03F");
        Holds(-2.5, "00000000000004C0");
        Holds(9.71m, "CB030000000000000000000000000200");
        Holds(-1m, "01000000000000000000000000000080");
        Holds(BigInteger.Zero, "0100");
        Holds(new BigInteger(200), "02C800");
        Holds(new BigInteger(-256), "0200FF");
        Holds(Colour.Blue, "C8");
        Holds(Wide.Low, "0000000000000080");
    }

    [TestMethod]
    public void Times_and_identities()
    {
        Holds(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), "33221100554477668899AABBCCDDEEFF");
        Holds(new DateTime(1), "0100000000000000");
        Holds(new DateTime(1, DateTimeKind.Utc), "0100000000000040");
        Holds(new DateTime(1, DateTimeKind.Local), "0100000000000080");
        Holds(new DateTimeOffset(TimeSpan.TicksPerDay, TimeSpan.FromMinutes(-30)), "00C0692AC9000000" + "E2FF");
        Holds(new TimeSpan(-2), "FEFFFFFFFFFFFFFF");
        Holds(DateOnly.FromDayNumber(0x0A1B2C), "2C1B0A00");
        Holds(new TimeOnly(0x0102), "0201000000000000");
        Holds(new Version(1, 2), "04" + "312E32");
        Holds<Version?>(null, "00");
        Holds(new Uri("a/b", UriKind.Relative), "04" + "612F62");
        Holds<Uri?>(null, "00");
    }

    [TestMethod]
    public void Text()
    {
        Holds<string?>(null, "00");
        Holds("", "01");
        Holds("ab", "03" + "6162");
        Holds("aé€𝄞", "0B" + "61" + "C3A9" + "E282AC" + "F09D849E");
        Holds("\uD800", "04" + "EDA080");
        Holds(new string('a', 126), "7F" + string.Concat(Enumerable.Repeat("61", 126)));
        Holds(new string('a', 127), "8001" + string.Concat(Enumerable.Repeat("61", 127)));
        Holds(new string('é', 64), "8101" + string.Concat(Enumerable.Repeat("C3A9", 64)));
    }

    [TestMethod]
    public void Sequences()
    {
        Holds<byte[]?>(null, "00");
        Holds<byte[]>([], "01");
        Holds<byte[]>([5, 6], "030506");
        Holds<int[]>([1, 2], "03" + "01000000" + "02000000");
        Holds<byte[]?[]>([[5], null], "03" + "0205" + "00");
        Holds<string?[]>(["a", null], "03" + "0261" + "00");
        Holds<List<byte>>([5, 6], "030506");
        Holds(new Queue<byte>([5, 6]), "030506");
        Holds(new Stack<byte>([5, 6]), "030506");
        Holds(new LinkedList<byte>([5, 6]), "030506");
        Holds<ImmutableArray<byte>>([5, 6], "030506");
        Holds(default(ImmutableArray<byte>), "00");
        Holds<ImmutableList<byte>>([5, 6], "030506");
        Holds<IEnumerable<byte>>(new List<byte> { 5, 6 }, "030506");
        Holds<IReadOnlyList<byte>>(new List<byte> { 5, 6 }, "030506");
        Holds(new ReadOnlyMemory<byte>([5, 6]), "030506");
    }

    [TestMethod]
    public void Sets_and_dictionaries()
    {
        Holds<HashSet<byte>?>(null, "00");
        Holds<HashSet<byte>>([5], "02" + "00" + "05");
        Holds<ISet<byte>>(new HashSet<byte> { 5 }, "02" + "00" + "05");
        Holds(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }, "02" + "01" + "0261");
        Holds(new SortedSet<string>(StringComparer.Ordinal) { "a", "B" }, "03" + "02" + "0242" + "0261");
        Holds<ImmutableHashSet<byte>>([5], "02" + "00" + "05");
        Holds<ImmutableSortedSet<byte>>([6, 5], "03" + "00" + "0506");
        Holds<Dictionary<byte, string>?>(null, "00");
        Holds(new Dictionary<byte, string> { [5] = "a" }, "02" + "00" + "05" + "0261");
        Holds<IDictionary<byte, byte>>(new Dictionary<byte, byte> { [5] = 7 }, "02" + "00" + "0507");
        Holds(new SortedDictionary<byte, byte> { [6] = 8, [5] = 7 }, "03" + "00" + "0507" + "0608");
        Holds(new SortedList<byte, byte> { [6] = 8, [5] = 7 }, "03" + "00" + "0507" + "0608");
        Holds(ImmutableDictionary<byte, byte>.Empty.Add(5, 7), "02" + "00" + "0507");
        Holds(ImmutableSortedDictionary<byte, byte>.Empty.Add(6, 8).Add(5, 7), "03" + "00" + "0507" + "0608");
    }

    [TestMethod]
    public void Structs_classes_and_what_may_be_absent()
    {
        Holds<int?>(null, "00");
        Holds<int?>(5, "01" + "05000000");
        Holds(new Point(1, -2), "01000000" + "FEFFFFFF");
        Holds<Point?>(new Point(1, -2), "01" + "01000000" + "FEFFFFFF");
        Holds(new Padded(0xFF, 1), "FF" + "0100000000000000");
        Holds(default(Empty), "00");
        Holds(new Nothing(), "01");
        Holds<Nothing?>(null, "00");

        // Those of fixed size go first.
        Holds(new WithText("x", new Point(1, 2), 5, null), "0100000002000000" + "0278" + "0105000000" + "00");
        Holds(new Circle("x", 3), "01" + "03000000" + "0278");
        Holds((1, "a"), "01000000" + "0261");
        Holds(("a", 1), "01000000" + "0261");
        Holds(Tuple.Create("a", (byte)7), "01" + "07" + "0261");
        Holds(new KeyValuePair<string, byte>("k", 9), "09" + "026B");
        Holds(new { Name = "n", Count = (byte)2 }, "01" + "02" + "026E");
        Holds(new Node(5, new Node(7, null)), "01" + "05000000" + "01" + "07000000" + "00");
        Holds(new Branch(1, [new Branch(2, null)]), "01000000" + "02" + "02000000" + "00");
    }

    [TestMethod]
    [DataRow(typeof(bool), 1)]
    [DataRow(typeof(byte), 2)]
    [DataRow(typeof(sbyte), 3)]
    [DataRow(typeof(short), 4)]
    [DataRow(typeof(ushort), 5)]
    [DataRow(typeof(char), 6)]
    [DataRow(typeof(int), 7)]
    [DataRow(typeof(uint), 8)]
    [DataRow(typeof(long), 9)]
    [DataRow(typeof(ulong), 10)]
    [DataRow(typeof(Int128), 11)]
    [DataRow(typeof(UInt128), 12)]
    [DataRow(typeof(Half), 13)]
    [DataRow(typeof(float), 14)]
    [DataRow(typeof(double), 15)]
    [DataRow(typeof(decimal), 16)]
    [DataRow(typeof(Guid), 17)]
    [DataRow(typeof(DateTime), 18)]
    [DataRow(typeof(DateTimeOffset), 19)]
    [DataRow(typeof(TimeSpan), 20)]
    [DataRow(typeof(DateOnly), 21)]
    [DataRow(typeof(TimeOnly), 22)]
    [DataRow(typeof(string), 40)]
    [DataRow(typeof(BigInteger), 41)]
    [DataRow(typeof(Uri), 42)]
    [DataRow(typeof(Version), 43)]
    [DataRow(typeof(Colour), 60, "0200")]
    [DataRow(typeof(byte?), 61, "0200")]
    [DataRow(typeof(byte[]), 62, "0200")]
    [DataRow(typeof(HashSet<byte>), 63, "0200")]
    [DataRow(typeof(Dictionary<byte, byte>), 64, "0202")]
    [DataRow(typeof(Empty), 65)]
    [DataRow(typeof(Nothing), 66)]
    public void Shapes(Type type, int kind, string elementAndKey = "0000")
    {
        TypeShape shape = TypeShape.Of(type);
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, shape);
        string name = Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(shape.Name));
        bool hasElement = elementAndKey != "0000";
        string expected = $"01{(hasElement ? "02" : "01")}{kind:X2}{shape.Name.Length + 1:X2}{name}00{elementAndKey}00"
            + (hasElement ? "02" + "0542797465" + "00000000" : "");
        Assert.AreEqual(expected, Convert.ToHexString(writer.WrittenSpan));
    }

    private void Holds<T>(T value, string hex)
    {
        byte[] bytes = RoundTrip.BytesOf(value, _set);
        Assert.AreEqual(hex, Convert.ToHexString(bytes), $"{typeof(T)}");
        RoundTrip.AssertSame(value, RoundTrip.ReadOne(_set.Get<T>(), Convert.FromHexString(hex)), "read");
    }
}
