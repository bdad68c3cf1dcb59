using System.Reflection;

namespace Millrace.Serialization;

/// <summary>Sends values through bytes by every road there is, and says where they come back changed.</summary>
internal static class RoundTrip
{
    /// <summary>Checks single and batch forms, the copy, and what the serializer says of itself.</summary>
    /// <returns>The value as it was read.</returns>
    public static T Check<T>(T value, SerializerSet? set = null)
    {
        TypeSerializer<T> serializer = (set ?? new SerializerSet()).Get<T>();
        using RecordWriter writer = new();
        serializer.Write(writer, in value);
        byte[] once = writer.WrittenSpan.ToArray();
        Assert.IsGreaterThanOrEqualTo(
            serializer.MinBytes, once.Length, $"{typeof(T)} promises more bytes than it writes");
        T read = ReadOne(serializer, once);
        AssertSame(value, read, "read");

        writer.Reset();
        serializer.WriteBatch(writer, [value, value, value]);
        byte[] thrice = writer.WrittenSpan.ToArray();
        CollectionAssert.AreEqual((byte[])[.. once, .. once, .. once], thrice, $"{typeof(T)} in a batch");

        // Dirty places: nothing of what stood there may show through.
        T[] batch = [read, read, read];
        RecordReader reader = new(thrice);
        serializer.ReadBatch(ref reader, batch);
        reader.ExpectEnd();
        foreach (T element in batch)
        {
            AssertSame(value, element, "read in a batch");
        }

        AssertSame(value, serializer.Copy(value), "copied");
        CheckShape(serializer);
        return read;
    }

    /// <summary>The same for a type known only at run time.</summary>
    public static object? Check(Type type, object? value, SerializerSet? set = null)
    {
        MethodInfo check = typeof(RoundTrip).GetMethods().Single(
            method => method is { Name: nameof(Check), IsGenericMethod: true });
        try
        {
            return check.MakeGenericMethod(type).Invoke(null, [value, set]);
        }
        catch (TargetInvocationException e)
        {
            throw new AssertFailedException($"{type}: {e.InnerException!.Message}", e.InnerException);
        }
    }

    public static byte[] BytesOf<T>(T value, SerializerSet? set = null)
    {
        using RecordWriter writer = new();
        (set ?? new SerializerSet()).Get<T>().Write(writer, in value);
        return writer.WrittenSpan.ToArray();
    }

    public static T ReadOne<T>(TypeSerializer<T> serializer, byte[] bytes)
    {
        RecordReader reader = new(bytes);
        T value = serializer.Read(ref reader);
        reader.ExpectEnd();
        return value;
    }

    public static void AssertSame<T>(T expected, T actual, string how)
    {
        string? difference = DeepComparison.FirstDifference(expected, actual);
        Assert.IsNull(difference, $"{typeof(T)} {how}: {difference}");
    }

    private static void CheckShape(TypeSerializer serializer)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, serializer.Shape);
        RecordReader reader = new(writer.WrittenSpan);
        Assert.AreEqual(serializer.Shape, ShapeCodec.Read(ref reader), $"shape of {serializer.Type} through bytes");
        reader.ExpectEnd();
    }
}
