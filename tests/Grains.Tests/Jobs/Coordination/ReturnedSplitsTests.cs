using Millrace.Checkpointing;
using Millrace.Serialization;

namespace Millrace.Jobs.Coordination;

/// <summary>Splits that are handed out again may be those of an older program.</summary>
[TestClass]
public sealed class ReturnedSplitsTests
{
    [TestMethod]
    public void Splits_of_an_older_type_are_handed_out_as_those_of_the_present_one()
    {
        SerializerSet serializers = new();
        SourceState state = Of(serializers, new Before.Split("a", 3), new Before.Split("b", 4));

        Now.Split[] splits =
        [
            .. ReturnedSplits.As<Now.Split>(state, serializers).Select(bytes => Read<Now.Split>(serializers, bytes)),
        ];

        CollectionAssert.AreEqual(new[] { new Now.Split(3L, "a", null), new Now.Split(4L, "b", null) }, splits);
    }

    [TestMethod]
    public void A_type_that_cannot_take_them_over_is_refused()
    {
        SerializerSet serializers = new();
        SourceState state = Of(serializers, new Before.Split("a", 3));
        Assert.ThrowsExactly<IncompatibleShapeException>(() => ReturnedSplits.As<Other.Split>(state, serializers));
    }

    // Checkpoints of older releases do not tell the shape.
    [TestMethod]
    public void Splits_without_a_shape_are_handed_out_as_they_are()
    {
        SerializerSet serializers = new();
        SourceState state = Of(serializers, new Before.Split("a", 3)) with { Shape = null };
        Assert.AreSame(
            state.Returned.Single(), ReturnedSplits.As<Before.Split>(state, serializers).Single());
    }

    private static SourceState Of<T>(SerializerSet serializers, params T[] splits)
    {
        TypeSerializer<T> serializer = serializers.Get<T>();
        return new SourceState(default, [], [.. splits.Select(split => Written(serializer, split))])
        {
            Shape = ReturnedSplits.ShapeOf(serializer),
        };
    }

    private static byte[] Written<T>(TypeSerializer<T> serializer, T value)
    {
        using RecordWriter writer = new();
        serializer.Write(writer, in value);
        return writer.WrittenSpan.ToArray();
    }

    private static T Read<T>(SerializerSet serializers, byte[] bytes)
    {
        var reader = new RecordReader(bytes);
        T value = serializers.Get<T>().Read(ref reader);
        reader.ExpectEnd();
        return value;
    }

    private static class Before
    {
        internal sealed record Split(string Path, int Offset);
    }

    private static class Now
    {
        internal sealed record Split(long Offset, string Path, string? Codec);
    }

    private static class Other
    {
        internal sealed record Split(int Path, int Offset);
    }
}
