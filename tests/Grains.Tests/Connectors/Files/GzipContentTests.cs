using System.IO.Compression;
using Millrace.Connectors.Files.Reading;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class GzipContentTests
{
    // The class library writes nothing at all for no data; gzip writes this.
    private static byte[] EmptyMember => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [TestMethod]
    public async Task Lines_come_with_their_position_in_the_unpacked_text()
    {
        using TemporaryDirectory directory = new();
        directory.Write("a.txt.gz", Pack("first\nsecond\r\n\nlast"u8.ToArray()));

        SourceRun<string, FileSplit> run = await new SourceRun<string, FileSplit>(
            FileSource.ReadLines(directory["a.txt.gz"])).ReadAllAsync();

        string path = directory["a.txt.gz"];
        (string, string)[] expected =
        [
            ("first", $"{path}:byte 0"),
            ("second", $"{path}:byte 6"),
            ("", $"{path}:byte 14"),
            ("last", $"{path}:byte 15"),
        ];
        CollectionAssert.AreEqual(expected, run.Records.ToArray());
        Assert.HasCount(1, run.Splits);
        Assert.AreEqual(new FileRange(path, 0, long.MaxValue, FileCompression.Gzip), run.Splits[0].Ranges.Single());
    }

    // Lines are wherever members are not.
    [TestMethod]
    public void Members_one_after_the_other_are_one_text()
    {
        byte[] text = RandomText(7, 120_000);
        int[][] allCuts = [[], [1], [60_000], [0, 0, 5, 5, 119_999, 120_000], [.. Enumerable.Range(1, 300)]];
        foreach (int[] cuts in allCuts)
        {
            int[] borders = [0, .. cuts, text.Length];
            byte[] packed = [.. borders.Zip(borders.Skip(1)).SelectMany(part => Pack(text[part.First..part.Second]))];
            packed = [.. EmptyMember, .. packed, .. EmptyMember, .. EmptyMember];
            CollectionAssert.AreEqual(text, Unpack(packed), $"cuts {string.Join(',', cuts.Take(8))}");
        }
    }

    [TestMethod]
    public void A_header_may_have_all_its_parts()
    {
        byte[] plain = Pack("text"u8.ToArray());
        byte[] header = [.. plain[..10]];
        header[3] = 2 | 4 | 8 | 16;
        byte[] packed = [.. header, 3, 0, 1, 2, 3, .. "name\0"u8, .. "comment\0"u8, 0xAB, 0xCD, .. plain[10..]];
        CollectionAssert.AreEqual("text"u8.ToArray(), Unpack(packed));
    }

    [TestMethod]
    public void Zeros_behind_the_last_member_are_padding()
    {
        CollectionAssert.AreEqual("text"u8.ToArray(), Unpack([.. Pack("text"u8.ToArray()), .. new byte[600]]));
        CollectionAssert.AreEqual(Array.Empty<byte>(), Unpack([.. EmptyMember, .. new byte[3]]));
    }

    [TestMethod]
    public void A_file_cut_off_at_any_byte_is_refused()
    {
        byte[] packed = [.. Pack(RandomText(3, 3_000)), .. Pack("second"u8.ToArray())];
        int firstMember = Pack(RandomText(3, 3_000)).Length;
        for (int length = 1; length < packed.Length; length++)
        {
            if (length == firstMember)
            {
                Assert.HasCount(3_000, Unpack(packed[..length]));
                continue;
            }

            Assert.ThrowsExactly<InvalidDataException>(() => Unpack(packed[..length]), $"cut after {length} bytes");
        }
    }

    [TestMethod]
    public void A_changed_bit_is_refused_or_does_not_matter()
    {
        byte[] text = RandomText(4, 400);
        byte[] packed = Pack(text);
        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] changed = [.. packed];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                CollectionAssert.AreEqual(text, Unpack(changed), $"bit {bit}");
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    [TestMethod]
    public void Something_else_behind_the_last_member_is_refused() =>
        Assert.ThrowsExactly<InvalidDataException>(() => Unpack([.. Pack("text"u8.ToArray()), .. "more text"u8]));

    [TestMethod]
    public async Task A_cut_off_file_fails_the_reader_with_its_path()
    {
        using TemporaryDirectory directory = new();
        byte[] packed = Pack(RandomText(5, 50_000));
        string path = directory.Write("cut.gz", packed.AsSpan(0, packed.Length / 2));

        SourceRun<string, FileSplit> run = new(FileSource.ReadLines(path));
        FileReadException failure = await Assert.ThrowsExactlyAsync<FileReadException>(run.ReadAllAsync);
        Assert.AreEqual(path, failure.Path);
        Assert.Contains("cut off", failure.Message);
    }

    private static byte[] RandomText(int seed, int length)
    {
        Random random = new(seed);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = (byte)(random.Next(20) == 0 ? '\n' : random.Next('a', 'z'));
        }

        return text;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using GzipContent content = new(new MemoryStream(packed));
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
