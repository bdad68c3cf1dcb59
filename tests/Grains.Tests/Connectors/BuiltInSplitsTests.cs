using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.Serialization;

namespace Millrace.Connectors;

/// <summary>Splits travel as bytes from the job's side to the readers.</summary>
[TestClass]
public sealed class BuiltInSplitsTests
{
    [TestMethod]
    public void Splits_survive_the_way_to_a_reader()
    {
        Assert.AreEqual(new NumberRange(-1, long.MaxValue), Copied(new NumberRange(-1, long.MaxValue)));
        Assert.AreEqual(new GeneratedSplit(1, 2, 3), Copied(new GeneratedSplit(1, 2, 3)));
        FileSplit split = new(
            [new("/a b", 0, 5, FileCompression.None), new("/ä", 7, long.MaxValue, FileCompression.Gzip)]);
        CollectionAssert.AreEqual(split.Ranges, Copied(split).Ranges);
    }

    private static T Copied<T>(T value)
    {
        TypeSerializer<T> serializer = new SerializerSet().Get<T>();
        using RecordWriter writer = new();
        serializer.Write(writer, value);
        RecordReader reader = new(writer.WrittenSpan);
        T copy = serializer.Read(ref reader);
        reader.ExpectEnd();
        return copy;
    }
}
