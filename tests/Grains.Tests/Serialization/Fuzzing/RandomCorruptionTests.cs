using System.Reflection;
using System.Runtime.CompilerServices;
using Millrace.Serialization.Shapes;

namespace Millrace.Serialization.Fuzzing;

[TestClass]
public sealed class RandomCorruptionTests
{
    // An empty dictionary is two bytes in a record, and an exception is an object too.
    private const long AllocatedPerByte = 400;
    private const long AllocatedAtLeast = 100_000;
    private const int SizesPerByte = 4;

    [TestMethod]
    [DynamicData(nameof(FuzzSeeds.All), typeof(FuzzSeeds))]
    public void Damaged_bytes_of_types_made_at_random_are_refused_or_a_value_and_allocate_little(int seed)
    {
        Random random = new(seed);
        RandomTypes types = new(random, $"Damaged{seed}");
        SerializerSet set = new();
        for (int i = 0; i < 10; i++)
        {
            Type type = types.Next();
            byte[] bytes = (byte[])Call(nameof(WriteAs), type, set, RandomValues.Of(type, random))!;
            foreach (byte[] damaged in Enumerable.Range(0, 60).Select(_ => Damaged(bytes, random)))
            {
                AssertBounded(type, set, damaged, $"Seed {seed}: {type} from {Convert.ToHexString(damaged)}");
            }
        }
    }

    // What is stored beside the data may be damaged as well as the data, and then say anything about them.
    [TestMethod]
    [DynamicData(nameof(FuzzSeeds.All), typeof(FuzzSeeds))]
    public void Damaged_shapes_are_refused_or_read_data_or_refuse_them(int seed)
    {
        Random random = new(seed);
        RandomTypes types = new(random, $"Shapes{seed}");
        SerializerSet set = new();
        for (int i = 0; i < 6; i++)
        {
            Type type = types.Next();
            byte[] bytes = (byte[])Call(nameof(WriteAs), type, set, RandomValues.Of(type, random))!;
            byte[] shape = ShapeBytesOf(TypeShape.Of(type));
            Assert.AreEqual(TypeShape.Of(type), ReadShape(shape), $"Seed {seed}: {type}");
            foreach (byte[] damaged in Enumerable.Range(0, 25).Select(_ => Damaged(shape, random)))
            {
                Exception? error = (Exception?)Call(nameof(ReadAs), type, set, damaged, bytes);
                Assert.IsTrue(
                    error is null or RecordCorruptedException or IncompatibleShapeException,
                    $"Seed {seed}: {type} with the shape {Convert.ToHexString(damaged)}: {error}");
            }
        }
    }

    private static byte[] Damaged(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return bytes;
            case 2:
                int at = random.Next(bytes.Length);
                return [.. bytes[..at], 0xFF, 0xFF, 0xFF, 0x7F, .. bytes[at..]];
            default:
                for (int changes = random.Next(1, 5); changes > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }

    private static void AssertBounded(Type type, SerializerSet set, byte[] bytes, string what)
    {
        byte[]? sameShape = null;
        long largest = ShapeGraph.NodesOf(TypeShape.Of(type)).Max(SizeOf);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = (Exception?)Call(nameof(ReadAs), type, set, sameShape, bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsTrue(error is null or RecordCorruptedException, $"{what}: {error}");
        Assert.IsLessThan(
            AllocatedAtLeast + ((AllocatedPerByte + (SizesPerByte * largest)) * bytes.Length), allocated, what);
    }

    // A value that is absent takes one byte of a record and the whole of its size in memory.
    private static long SizeOf(TypeShape shape) => shape.Kind == ShapeKind.Class
        ? shape.Members.Sum(member => SizeOf(member.Shape.Type!))
        : SizeOf(shape.Type!);

    private static int SizeOf(Type type) => type.IsValueType ? (int)Call(nameof(SizeOfValue), type)! : IntPtr.Size;

    private static int SizeOfValue<T>() => Unsafe.SizeOf<T>();

    private static byte[] WriteAs<T>(SerializerSet set, T value) => RoundTrip.BytesOf(value, set);

    private static Exception? ReadAs<T>(SerializerSet set, byte[]? shape, byte[] bytes)
    {
        try
        {
            TypeSerializer<T> reader = shape is null ? set.Get<T>() : set.CreateReader<T>(ReadShape(shape));
            RoundTrip.ReadOne(reader, bytes);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static byte[] ShapeBytesOf(TypeShape shape)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, shape);
        return writer.WrittenSpan.ToArray();
    }

    private static TypeShape ReadShape(byte[] bytes)
    {
        RecordReader reader = new(bytes);
        return ShapeCodec.Read(ref reader);
    }

    private static object? Call(string name, Type type, params object?[] arguments) => typeof(RandomCorruptionTests)
        .GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
        .MakeGenericMethod(type)
        .Invoke(null, arguments);
}
