using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Connectors;

[TestClass]
public sealed class BuiltInConnectorsTests
{
    [TestMethod]
    public void A_program_names_its_connectors_without_further_words()
    {
        StreamExecutionEnvironment environment = new();
        DataStream<Keyed<string, long>> words = environment.FromSource(FileSource.ReadLines("in"))
            .FlatMap(line => line.Split(' '))
            .KeyBy(word => word)
            .Count();
        words.SinkTo(FileSink.Csv("out"));
        words.SinkTo(FileSink.JsonLines("out"));
        words.Print("words");
        words.CollectTo("words");
        environment.FromSequence(1, 10).Discard();
        environment.FromSource(DataGenerator.Source(index => $"{index}", recordsPerSecond: 5))
            .SinkTo(FileSink.Text("out"));

        string[] names = [.. environment.Transformations
            .Where(transformation => transformation.Kind is "Source" or "Sink")
            .Select(transformation => transformation.Name)];

        CollectionAssert.AreEqual(
            new[]
            {
                "Source: Files", "Sink: Files", "Sink: Files", "Sink: Console", "Sink: Collect 'words'",
                "Source: Numbers", "Sink: Discard", "Source: Generator", "Sink: Files",
            },
            names);
    }

    [TestMethod]
    public void Records_that_have_no_columns_are_refused_while_the_program_is_built()
    {
        DataStream<List<string>> lists = new StreamExecutionEnvironment().FromElements(new List<string>());
        Assert.ThrowsExactly<InvalidProgramGraphException>(() => lists.SinkTo(FileSink.Csv("out")));
    }

    [TestMethod]
    public void To_collect_is_limited_to_one_subtask()
    {
        DataStreamSink<int> sink = new StreamExecutionEnvironment().FromElements(1).CollectTo("numbers");
        Assert.ThrowsExactly<InvalidProgramGraphException>(() => sink.SetParallelism(2));
    }
}
