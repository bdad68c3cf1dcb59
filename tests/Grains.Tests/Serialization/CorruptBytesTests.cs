namespace Millrace.Serialization;

[TestClass]
public sealed class CorruptBytesTests
{
    // Roughly what a honest value of that many bytes can take in memory, times a generous factor.
    private const long AllocatedPerByte = 400;
    private const long AllocatedAtLeast = 50_000;

    private static readonly Type[] SampleTypes =
        [typeof(Everything), typeof(Order), typeof(WithText), typeof(Tree), typeof(Branch), typeof(Mixed)];

    private static readonly Type[] CountedTypes =
    [
        typeof(long[]), typeof(List<Guid>), typeof(string[]), typeof(Empty[]), typeof(HashSet<int>),
        typeof(Dictionary<int, int>), typeof(Queue<Order>), typeof(Nothing[]),
    ];

    private readonly SerializerSet _set = new();

    [TestMethod]
    public void Every_cut_through_a_record_is_refused()
    {
        Random random = new(5);
        foreach (object value in Samples(random))
        {
            byte[] bytes = BytesOf(value);
            for (int length = 0; length < bytes.Length; length++)
            {
                Exception? error = TryRead(value.GetType(), bytes[..length]);
                Assert.IsInstanceOfType<RecordCorruptedException>(
                    error, $"{length} of {bytes.Length} bytes of a {value.GetType()}: {error}");
            }
        }
    }

    [TestMethod]
    public void Changed_bytes_give_another_value_or_a_clear_error_and_no_large_allocation()
    {
        Random random = new(6);
        foreach (object value in Samples(random))
        {
            byte[] original = BytesOf(value);
            for (int i = 0; i < 400; i++)
            {
                byte[] bytes = [.. original];
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
                }

                AssertBounded(value.GetType(), bytes);
            }
        }
    }

    [TestMethod]
    public void Random_bytes_give_a_value_or_a_clear_error_and_no_large_allocation()
    {
        Random random = new(7);
        Type[] types = [.. SampleTypes, typeof(int[][]), typeof(Empty[])];
        foreach (Type type in types)
        {
            for (int i = 0; i < 400; i++)
            {
                byte[] bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                AssertBounded(type, bytes);
            }
        }
    }

    [TestMethod]
    [DataRow(typeof(bool), new byte[] { 2 })]
    [DataRow(typeof(decimal), new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 29, 0 })]
    [DataRow(typeof(decimal), new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 })]
    [DataRow(typeof(DateTime), new byte[] { 255, 255, 255, 255, 255, 255, 255, 63 })]
    [DataRow(typeof(DateTime), new byte[] { 0, 0, 0, 0, 0, 0, 0, 192 })]
    [DataRow(typeof(DateTimeOffset), new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 })]
    [DataRow(typeof(DateTimeOffset), new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 255, 127 })]
    [DataRow(typeof(DateOnly), new byte[] { 255, 255, 255, 255 })]
    [DataRow(typeof(TimeOnly), new byte[] { 255, 255, 255, 255, 255, 0, 0, 0 })]
    [DataRow(typeof(Line), new byte[] { 7 })]
    [DataRow(typeof(HashSet<byte>), new byte[] { 3, 0, 5, 5 })]
    [DataRow(typeof(HashSet<byte>), new byte[] { 1, 1 })]
    [DataRow(typeof(Dictionary<string, byte>), new byte[] { 2, 0, 9, 0 })]
    [DataRow(typeof(Dictionary<byte, byte>), new byte[] { 3, 0, 5, 1, 5, 2 })]
    public void Bits_that_are_no_value_are_refused(Type type, byte[] bytes) =>
        Assert.IsInstanceOfType<RecordCorruptedException>(TryRead(type, bytes));

    [TestMethod]
    public void A_count_beyond_what_is_left_is_refused_before_anything_is_allocated()
    {
        foreach (Type type in CountedTypes)
        {
            TryRead(type, []);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? error = TryRead(type, [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3]);
            Assert.IsInstanceOfType<RecordCorruptedException>(error, $"{type}");
            Assert.IsLessThan(AllocatedAtLeast, GC.GetAllocatedBytesForCurrentThread() - before, $"{type}");
            StringAssert.Contains(error.Message, "bytes left");
        }
    }

    // Each level promises as many children as there are bytes left; only one child follows.
    [TestMethod]
    public void Promises_inside_promises_allocate_no_more_than_what_follows_justifies()
    {
        const int Levels = RecordLimits.MaxDepth - 1;
        byte[] zeros = new byte[100_000];
        using RecordWriter writer = new();
        for (int level = 0; level < Levels; level++)
        {
            writer.WriteBoolean(true);
            writer.WriteString("");
            writer.WriteVarUInt32((uint)zeros.Length);
        }

        writer.WriteRaw(zeros);
        TryRead(typeof(Tree), []);
        byte[] bytes = writer.WrittenSpan.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = TryRead(typeof(Tree), bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsInstanceOfType<RecordCorruptedException>(error);
        Assert.IsLessThan(50L * bytes.Length, allocated);
    }

    [TestMethod]
    public void Nesting_deeper_than_allowed_is_refused()
    {
        // Class tag and value of a node, over and over.
        byte[] bytes = [.. Enumerable.Range(0, RecordLimits.MaxDepth + 1).SelectMany(_ => (byte[])[1, 0, 0, 0, 0]), 0];
        StringAssert.Contains(TryRead(typeof(Node), bytes)!.Message, "levels deep");
        Assert.IsNull(TryRead(typeof(Node), bytes[5..]));
    }

    [TestMethod]
    public void An_error_says_where_and_what()
    {
        Exception? error = TryRead(typeof((int, string)), [1, 0, 0, 0, 50, 97]);
        Assert.AreEqual("Record bytes are corrupt at 5 of 6: 49 more bytes needed, 1 left.", error!.Message);
    }

    private static IEnumerable<object> Samples(Random random)
    {
        foreach (Type type in SampleTypes)
        {
            for (int i = 0; i < 4; i++)
            {
                yield return RandomValues.Of(type, random)!;
            }
        }
    }

    private void AssertBounded(Type type, byte[] bytes)
    {
        // Making the serializer is not what is measured.
        TryRead(type, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = TryRead(type, bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        string what = $"{type} from {Convert.ToHexString(bytes)}";
        Assert.IsLessThan(AllocatedAtLeast + (AllocatedPerByte * bytes.Length), allocated, what);
        if (error is not null)
        {
            Assert.IsInstanceOfType<RecordCorruptedException>(error, $"{what}: {error}");
        }
    }

    private byte[] BytesOf(object value) =>
        (byte[])Call(nameof(WriteAs), value.GetType()).Invoke(null, [_set, value])!;

    private Exception? TryRead(Type type, byte[] bytes) =>
        (Exception?)Call(nameof(TryReadAs), type).Invoke(null, [_set, bytes]);

    private static System.Reflection.MethodInfo Call(string name, Type type) => typeof(CorruptBytesTests)
        .GetMethod(name, System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
        .MakeGenericMethod(type);

    private static byte[] WriteAs<T>(SerializerSet set, T value) => RoundTrip.BytesOf(value, set);

    private static Exception? TryReadAs<T>(SerializerSet set, byte[] bytes)
    {
        try
        {
            RoundTrip.ReadOne(set.Get<T>(), bytes);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
