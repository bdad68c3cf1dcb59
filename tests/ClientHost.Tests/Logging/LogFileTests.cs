using Millrace.Connectors;

namespace Millrace.Logging;

[TestClass]
public sealed class LogFileTests
{
    [TestMethod]
    public void What_was_logged_is_in_the_file_at_once()
    {
        using var directory = new TemporaryDirectory();
        using var log = new LogFile(directory["logs/silo.log"], maxBytes: 1_000);

        log.Write("one\n");
        log.Write("two\n");

        Assert.AreEqual("one\ntwo\n", Read(directory["logs/silo.log"]));
    }

    [TestMethod]
    public void A_full_file_is_put_aside_once_so_that_the_size_is_bounded()
    {
        using var directory = new TemporaryDirectory();
        using (var log = new LogFile(directory["silo.log"], maxBytes: 100))
        {
            for (int message = 0; message < 1_000; message++)
            {
                log.Write($"message {message}\n");
            }
        }

        string now = Read(directory["silo.log"]);
        string before = Read(directory["silo.log.1"]);
        Assert.IsLessThanOrEqualTo(100, now.Length);
        Assert.IsLessThanOrEqualTo(100, before.Length);
        Assert.EndsWith("message 999\n", now);
        Assert.HasCount(2, Directory.GetFiles(directory.FullPath));

        string[] lines = (before + now).TrimEnd().Split('\n');
        CollectionAssert.AreEqual(
            Enumerable.Range(1_000 - lines.Length, lines.Length).Select(message => $"message {message}").ToArray(),
            lines,
            "Nothing is lost where one file ends and the next begins.");
    }

    [TestMethod]
    public void A_message_larger_than_the_file_may_be_is_kept_whole()
    {
        using var directory = new TemporaryDirectory();
        using var log = new LogFile(directory["silo.log"], maxBytes: 10);

        log.Write("short\n");
        log.Write("a message that is longer than that\n");

        Assert.AreEqual("a message that is longer than that\n", Read(directory["silo.log"]));
        Assert.AreEqual("short\n", Read(directory["silo.log.1"]));
    }

    [TestMethod]
    public void The_file_of_an_earlier_process_is_continued()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("silo.log", "before\n");
        using var log = new LogFile(file, maxBytes: 1_000);

        log.Write("now\n");

        Assert.AreEqual("before\nnow\n", Read(file));
    }

    // A disk that is full must cost messages and not the silo.
    [TestMethod]
    public void A_file_that_cannot_be_written_costs_its_messages_only()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["silo.log"]);
        using var log = new LogFile(directory["silo.log"], maxBytes: 1_000);

        log.Write("lost\n");
        Directory.Delete(directory["silo.log"]);
        log.Write("kept\n");

        Assert.AreEqual("kept\n", Read(directory["silo.log"]));
    }

    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
