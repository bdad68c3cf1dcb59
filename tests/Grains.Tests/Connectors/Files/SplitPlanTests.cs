using Millrace.Connectors.Files.Reading;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class SplitPlanTests
{
    [TestMethod]
    public void Every_byte_of_every_file_is_in_exactly_one_range()
    {
        Random random = new(5);
        for (int round = 0; round < 200; round++)
        {
            InputFile[] files = [.. Enumerable.Range(0, random.Next(30)).Select(i => new InputFile(
                $"/f{i:000}{(random.Next(5) == 0 ? ".gz" : "")}", (long)Math.Pow(10, random.NextDouble() * 6)))];
            long? splitBytes = random.Next(2) == 0 ? null : 1 + random.Next(100_000);
            int parallelism = 1 + random.Next(8);

            IReadOnlyList<FileSplit> splits = new SplitPlan(parallelism, splitBytes).Of(files);

            ILookup<string, FileRange> ranges = splits.SelectMany(split => split.Ranges).ToLookup(range => range.Path);
            Assert.HasCount(files.Length, ranges);
            foreach (InputFile file in files)
            {
                long end = file.Compression == FileCompression.Gzip ? long.MaxValue : file.Length;
                long at = 0;
                foreach (FileRange range in ranges[file.Path].OrderBy(range => range.Start))
                {
                    Assert.AreEqual(at, range.Start, $"{range}");
                    Assert.IsGreaterThan(range.Start, range.End, $"{range}");
                    at = range.End;
                }

                Assert.AreEqual(end, at, file.Path);
            }
        }
    }

    [TestMethod]
    public void One_subtask_reads_in_the_order_of_paths_and_positions()
    {
        InputFile[] files = [new("/a", 10), new("/b.gz", 900), new("/c", 250), new("/d", 10), new("/e", 300)];
        FileRange[] ranges =
            [.. new SplitPlan(1, 100).Of(files).SelectMany(split => split.Ranges)];
        FileRange[] ordered =
            [.. ranges.OrderBy(range => range.Path, StringComparer.Ordinal).ThenBy(range => range.Start)];
        CollectionAssert.AreEqual(ordered, ranges);
    }

    [TestMethod]
    public void Several_subtasks_begin_with_the_largest_parts()
    {
        InputFile[] files = [new("/a", 10), new("/b", 60), new("/c.gz", 900), new("/d", 95), new("/e", 200)];
        string[] first = [.. new SplitPlan(3, 100).Of(files).Select(split => split.ToString())];
        CollectionAssert.AreEqual(
            new[] { "/c.gz:0-", "/e:0-100", "/e:100-200", "/d:0-95", "/a:0-10 and 1 more" }, first);
    }

    [TestMethod]
    public void Small_files_share_a_split_but_do_not_leave_subtasks_idle()
    {
        InputFile[] files = [.. Enumerable.Range(0, 600).Select(i => new InputFile($"/f{i:000}", 10_000))];
        Assert.HasCount(24, new SplitPlan(6, null).Of(files));
        Assert.HasCount(600, new SplitPlan(6, 10_000).Of(files));
    }

    [TestMethod]
    [DataRow(1L << 20, 4, 4)]
    [DataRow(200L << 20, 6, 24)]
    [DataRow(100L << 30, 2, 1_600)]
    [DataRow(1L, 6, 1)]
    public void A_large_file_is_divided_by_the_size_of_the_input_and_the_number_of_readers(
        long length, int parallelism, int expected) =>
        Assert.HasCount(expected, new SplitPlan(parallelism, null).Of([new InputFile("/f", length)]));

    [TestMethod]
    public void Empty_files_have_no_splits() =>
        Assert.IsEmpty(new SplitPlan(4, null).Of([new("/a", 0), new("/b.gz", 0)]));
}
