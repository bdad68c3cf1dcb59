using Millrace.Connectors;

namespace Millrace.Local;

[TestClass]
public sealed class LogTailTests
{
    [TestMethod]
    public void The_last_lines_are_read()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("a.log", "one\ntwo\r\nthree\n");

        CollectionAssert.AreEqual(new[] { "two", "three" }, LogTail.Read(file, lines: 2, bytes: 1_000).ToArray());
        CollectionAssert.AreEqual(
            new[] { "one", "two", "three" }, LogTail.Read(file, lines: 9, bytes: 1_000).ToArray());
    }

    [TestMethod]
    public void A_line_that_is_cut_by_the_number_of_bytes_is_left_out()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("a.log", "a long first line\nshort\n");

        CollectionAssert.AreEqual(new[] { "short" }, LogTail.Read(file, lines: 9, bytes: 10).ToArray());
    }

    [TestMethod]
    public void Lines_before_the_beginning_that_is_given_are_left_out()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("a.log", "old\nnew\n");

        CollectionAssert.AreEqual(new[] { "new" }, LogTail.Read(file, lines: 9, bytes: 1_000, from: 4).ToArray());
        CollectionAssert.AreEqual(
            new[] { "old", "new" },
            LogTail.Read(file, lines: 9, bytes: 1_000, from: 100).ToArray(),
            "It was put aside and begun anew.");
    }

    [TestMethod]
    public void A_file_that_is_not_there_or_is_empty_has_no_lines()
    {
        using var directory = new TemporaryDirectory();

        Assert.IsEmpty(LogTail.Read(directory["nothing.log"], lines: 9, bytes: 10));
        Assert.IsEmpty(LogTail.Read(directory.Write("empty.log", ""), lines: 9, bytes: 10));
    }

    [TestMethod]
    public void A_file_that_is_being_written_can_be_read()
    {
        using var directory = new TemporaryDirectory();
        using var file = new FileStream(directory["a.log"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        file.Write("now\n"u8);
        file.Flush();

        CollectionAssert.AreEqual(new[] { "now" }, LogTail.Read(directory["a.log"], lines: 9, bytes: 10).ToArray());
    }
}
