using Millrace.Checkpointing.Statistics;
using Millrace.Jobs;

namespace Millrace.Output;

[TestClass]
public sealed class TextsTests
{
    [TestMethod]
    [DataRow(0, "0.0 s")]
    [DataRow(0.04, "0.0 s")]
    [DataRow(59.94, "59.9 s")]
    [DataRow(60, "1:00")]
    [DataRow(125, "2:05")]
    [DataRow(3_599, "59:59")]
    [DataRow(3_600, "1:00:00")]
    [DataRow(86_399, "23:59:59")]
    [DataRow(86_400, "1 d 0 h")]
    [DataRow(273_600, "3 d 4 h")]
    public void Durations_have_the_unit_that_fits(double seconds, string text) =>
        Assert.AreEqual(text, Texts.Duration(TimeSpan.FromSeconds(seconds)));

    [TestMethod]
    public void States_and_reasons_are_words()
    {
        Assert.AreEqual("RUNNING", Texts.Word(JobStatus.Running));
        Assert.AreEqual("METADATA NOT STORED", Texts.Word(CheckpointFailureReason.MetadataNotStored));
    }

    [TestMethod]
    public void Numbers_are_grouped_whatever_the_culture() => Assert.AreEqual("1,234,567", Texts.Number(1_234_567));

    [TestMethod]
    [DataRow(0, "0 B")]
    [DataRow(1_023, "1023 B")]
    [DataRow(1_024, "1.0 KB")]
    [DataRow(1_572_864, "1.5 MB")]
    [DataRow(long.MaxValue, "8192.0 PB")]
    public void Bytes_have_the_unit_that_fits(long bytes, string text) => Assert.AreEqual(text, Texts.Bytes(bytes));

    [TestMethod]
    public void Nouns_have_their_number()
    {
        Assert.AreEqual("1 silo", Texts.Count(1, "silo"));
        Assert.AreEqual("0 silos", Texts.Count(0, "silo"));
        Assert.AreEqual("3 silos", Texts.Count(3, "silo"));
    }

    [TestMethod]
    public void States_are_spelled_as_flink_does() => Assert.AreEqual("CANCELED", Texts.Word(JobStatus.Canceled));
}
