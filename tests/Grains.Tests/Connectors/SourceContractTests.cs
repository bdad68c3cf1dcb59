using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.Connectors.Hybrid;

namespace Millrace.Connectors;

/// <summary>Every bounded source of the product, under the verifier.</summary>
[TestClass]
public sealed class SourceContractTests
{
    private const int Seeds = 3;

    [TestMethod]
    public async Task Numbers() => await VerifyAsync(() => NumberSequence.Source(-30, 70), 101);

    [TestMethod]
    public async Task The_greatest_numbers() =>
        await VerifyAsync(() => NumberSequence.Source(long.MaxValue - 20, long.MaxValue), 21);

    [TestMethod]
    public async Task Generated_records() =>
        await VerifyAsync(() => DataGenerator.Source(index => $"record {index}", count: 83), 83);

    [TestMethod]
    public async Task Lines_of_files()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, i => $"line {i}\n");
        await VerifyAsync(
            () => FileSource.ReadLines(
                directory.FullPath,
                options =>
                {
                    options.SplitBytes = 100;
                    options.ChunkBytes = 37;
                }),
            180);
    }

    [TestMethod]
    public async Task Rows_of_files_with_ends_of_lines_in_quotes()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, i => $"{i},\"a \"\"quoted\"\"\r\nname {i}\"\r\n", "Number,Name\n");
        await VerifyAsync(
            () => FileSource.ReadCsv<Row>(
                directory.FullPath,
                options =>
                {
                    options.Header = true;
                    options.ChunkBytes = 23;
                }),
            180);
    }

    [TestMethod]
    public async Task Rows_of_files_that_are_read_by_ranges()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, i => $"name {i},{i}\n", "Name,Number\n");
        await VerifyAsync(
            () => FileSource.ReadCsv<Row>(
                directory.FullPath,
                options =>
                {
                    options.Header = true;
                    options.QuotedLineEnds = false;
                    options.SplitBytes = 90;
                }),
            180);
    }

    [TestMethod]
    public async Task Json_values_of_packed_files()
    {
        using TemporaryDirectory directory = new();
        byte[] text = System.Text.Encoding.UTF8.GetBytes(string.Concat(
            Enumerable.Range(0, 50).Select(i => $"{{\"Number\":{i},\"Name\":\"name {i}\"}}\n")));
        using MemoryStream packed = new();
        using (System.IO.Compression.GZipStream gzip = new(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        directory.Write("rows.jsonl.gz", packed.ToArray());
        await VerifyAsync(
            () => FileSource.ReadJson<Row>(directory.FullPath, options => options.ChunkBytes = 64), 50);
    }

    [TestMethod]
    public async Task Sources_one_after_the_other()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, i => $"{i}\n", "Value\n");
        await VerifyAsync(
            () => HybridSource.Of(NumberSequence.Source(1_000, 1_040))
                .Then(FileSource.ReadCsv<long>(directory.FullPath, options => options.Header = true))
                .Then(NumberSequence.Source(0, -1))
                .Then(DataGenerator.Source(index => index + 5_000, count: 20)),
            41 + 180 + 20);
    }

    [TestMethod]
    public async Task A_source_with_a_rate() =>
        await VerifyAsync(() => NumberSequence.Source(1, 90).WithRateLimit(1e9), 90);

    private static void Fill(TemporaryDirectory directory, Func<int, string> line, string begin = "")
    {
        for (int file = 0; file < 3; file++)
        {
            int first = file * 60;
            string text = string.Concat(Enumerable.Range(first, 60).Select(line));
            directory.Write($"file{file}", begin + (file == 2 ? text.TrimEnd('\n', '\r') : text));
        }
    }

    private static async Task VerifyAsync<T, TSplit>(Func<Source<T, TSplit>> create, int records)
        where T : notnull
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            IReadOnlyList<T> read = await new SourceVerifier<T, TSplit>(create(), seed).VerifyAsync();
            Assert.HasCount(records, read);
        }
    }

    internal sealed record Row(int Number, string Name);
}
