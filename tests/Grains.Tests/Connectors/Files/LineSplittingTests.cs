using System.Text;
using Millrace.Connectors.Files.Parsing;
using Millrace.Connectors.Files.Reading;

namespace Millrace.Connectors.Files;

/// <summary>However a file is divided into ranges, chunks and batches, each line comes exactly once.</summary>
[TestClass]
public sealed class LineSplittingTests
{
    private static readonly string[] Awkward =
    [
        "",
        "\n",
        "\n\n\n",
        "\r\n\r\n",
        "a",
        "a\n",
        "a\nb",
        "a\r\nb\r\n",
        "a\r\n\r\n\r\nb",
        "\na",
        "a\n\n",
        "one\r\ntwo\nthree\r\n\nfour",
        "a\rb\r\rc\r\n\rd\r",
        "\uFEFFa\nb",
        "\uFEFF",
        "\uFEFF\n",
        "\uFEFF\r\nb",
        "a\n\uFEFFb\n",
        "äöü\nβγδ\r\n日本語\n😀😀\n",
        "x\n" + new string('y', 40) + "\nz",
    ];

    [TestMethod]
    public async Task Every_border_and_every_chunk_size_gives_each_line_once_where_it_begins()
    {
        using TemporaryDirectory directory = new();
        foreach (string text in Awkward)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            string path = directory.Write("input.txt", bytes);
            for (int border = 0; border <= bytes.Length; border++)
            {
                foreach (int chunkBytes in (int[])[1, 2, 3, 7, 64])
                {
                    await VerifyAsync(path, bytes, [border], chunkBytes, batchSize: 1 + (border % 3));
                }
            }
        }
    }

    [TestMethod]
    public async Task Every_pair_of_borders_gives_each_line_once()
    {
        using TemporaryDirectory directory = new();
        byte[] bytes = Encoding.UTF8.GetBytes("ab\r\n\ncdé\n\r\nf\ng");
        string path = directory.Write("input.txt", bytes);
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                await VerifyAsync(path, bytes, [first, second], chunkBytes: 5, batchSize: 4);
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public async Task Random_files_with_random_borders_give_each_line_once(int seed)
    {
        using TemporaryDirectory directory = new();
        Random random = new(seed);
        for (int round = 0; round < 60; round++)
        {
            byte[] bytes = RandomFile(random);
            string path = directory.Write("input.txt", bytes);
            int[] borders = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).Order()];
            await VerifyAsync(path, bytes, borders, 1 + random.Next(300), 1 + random.Next(50));
        }
    }

    // The tail that is read behind a range for its last line is 16 KB: a line longer than that crosses it too.
    [TestMethod]
    public async Task A_line_longer_than_chunks_and_ranges_belongs_to_the_range_it_begins_in()
    {
        using TemporaryDirectory directory = new();
        byte[] bytes = Encoding.UTF8.GetBytes($"short\n{new string('x', 100_000)}\nend\n");
        string path = directory.Write("input.txt", bytes);
        foreach (int chunkBytes in (int[])[100, 4_096, 65_536, 262_144])
        {
            await VerifyAsync(path, bytes, [3, 6, 7, 50_000, 99_999, 100_006, 100_007, 100_008], chunkBytes, 10);
        }
    }

    private static async Task VerifyAsync(string path, byte[] bytes, int[] borders, int chunkBytes, int batchSize)
    {
        int[] all = [0, .. borders, bytes.Length];
        List<(string Line, string? Position)> read = [];
        for (int i = 0; i + 1 < all.Length; i++)
        {
            FileRange range = new(path, all[i], all[i + 1], FileCompression.None);
            List<(string Line, string? Position)> lines =
                await ReadAsync(new FileSplit([range]), chunkBytes, batchSize);
            foreach ((_, string? position) in lines)
            {
                long first = long.Parse(position![(position!.LastIndexOf(' ') + 1)..]);
                Assert.IsTrue(first >= range.Start && first < range.End, $"{position} lies outside {range}");
            }

            read.AddRange(lines);
        }

        (string, string)[] expected =
            [.. LineReference.LinesOf(bytes).Select(line => (line.Line, $"{path}:byte {line.Position}"))];
        CollectionAssert.AreEqual(
            expected,
            read,
            $"borders {string.Join(',', borders)}, chunks of {chunkBytes}, batches of {batchSize}, "
            + $"file '{Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 300)))}'");
    }

    private static async Task<List<(string Line, string? Position)>> ReadAsync(
        FileSplit split, int chunkBytes, int batchSize)
    {
        await using FileReader<string> reader =
            new(TextDecoder.Reading, new FileSourceOptions { ChunkBytes = chunkBytes }, new TestSourceReaderContext());
        reader.AddSplit(split);
        reader.NoMoreSplits();
        List<(string, string?)> lines = [];
        string[] values = new string[batchSize];
        ReadStatus status;
        do
        {
            SourceBatch<string> batch = new(values);
            status = reader.Read(ref batch);
            for (int i = 0; i < batch.Count; i++)
            {
                lines.Add((values[i], reader.DescribePosition(i)));
            }

            Assert.IsNull(reader.DescribePosition(batch.Count), "there is no such record");
            Assert.AreNotEqual(ReadStatus.NothingNow, status, "all work is done at once");
        }
        while (status != ReadStatus.EndOfInput);

        return lines;
    }

    private static byte[] RandomFile(Random random)
    {
        List<byte> bytes = [];
        int lines = random.Next(40);
        for (int i = 0; i < lines; i++)
        {
            int length = random.Next(4) == 0 ? random.Next(500) : random.Next(12);
            for (int j = 0; j < length; j++)
            {
                // Letters, characters of several bytes, bytes that are no UTF-8, lone carriage returns.
                bytes.AddRange(random.Next(12) switch
                {
                    0 => [0xC3, 0xA4],
                    1 => [0xF0, 0x9F, 0x98, 0x80],
                    2 => [(byte)random.Next(128, 256)],
                    3 => [(byte)'\r'],
                    _ => [(byte)random.Next('a', 'z')],
                });
            }

            bytes.AddRange(random.Next(3) == 0 ? "\r\n"u8 : "\n"u8);
        }

        if (bytes.Count > 0 && random.Next(2) == 0)
        {
            bytes.RemoveAt(bytes.Count - 1);
        }

        return [.. bytes];
    }
}
