using System.Text;

namespace Millrace.Serialization;

[TestClass]
public sealed class StringTests
{
    private readonly TypeSerializer<string?> _serializer = new SerializerSet().Get<string?>();

    // Around each boundary of the fast path, with the odd character at every place.
    [TestMethod]
    public void Text_of_any_length_comes_back_wherever_the_first_character_beyond_ascii_stands()
    {
        foreach (char odd in "\u0080é\u07FF\u0800€\uFFFF\uFEFF\0")
        {
            for (int length = 1; length <= 40; length++)
            {
                char[] text = [.. Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26)))];
                AssertComesBack(new string(text));
                for (int at = 0; at < length; at++)
                {
                    char was = text[at];
                    text[at] = odd;
                    AssertComesBack(new string(text));
                    text[at] = was;
                }
            }
        }
    }

    // The block of the writer ends at every place around the end of the text: none is written beyond.
    [TestMethod]
    public void Text_fits_a_block_that_has_just_enough_room_and_grows_out_of_a_smaller_one()
    {
        foreach (string text in (string[])["", "abc", "abcdefg", new('x', 126), new('x', 127), "é", new('é', 63)])
        {
            byte[] expected = RoundTrip.BytesOf(text);
            for (int room = 0; room <= expected.Length + 2; room++)
            {
                byte[] block = new byte[room + 1];
                using RecordWriter writer = new(block);
                writer.Reserve(1)[0] = 9;
                writer.WriteString(text);
                CollectionAssert.AreEqual((byte[])[9, .. expected], writer.WrittenSpan.ToArray(), $"{room} for {text}");
            }
        }
    }

    [TestMethod]
    [DataRow("\uD800")]
    [DataRow("\uDFFF")]
    [DataRow("\uDC00\uD800")]
    [DataRow("a\uD800b")]
    [DataRow("\uD800\uD800\uDC00")]
    [DataRow("0123456789abcdef\uDBFF")]
    [DataRow("\uD834\uDD1E and \uD834")]
    public void Surrogates_come_back_in_pairs_and_alone(string text) => AssertComesBack(text);

    [TestMethod]
    public void Well_formed_text_is_plain_utf8()
    {
        string[] texts = ["", "a", "Füße", "日本語 and ascii, longer than one block", "𝄞𝄞𝄞", new('é', 100)];
        foreach (string text in texts)
        {
            byte[] bytes = RoundTrip.BytesOf(text);
            CollectionAssert.AreEqual(
                Encoding.UTF8.GetBytes(text), bytes[^Encoding.UTF8.GetByteCount(text)..], text);
        }
    }

    // Both sides of where the prefix becomes longer than was guessed, and of where bytes are counted first.
    [TestMethod]
    [DataRow(42)]
    [DataRow(43)]
    [DataRow(125)]
    [DataRow(126)]
    [DataRow(127)]
    [DataRow(128)]
    [DataRow(5_461)]
    [DataRow(16_383)]
    [DataRow(65_536)]
    [DataRow(65_537)]
    [DataRow(1_000_000)]
    public void Long_text_comes_back_in_one_to_three_bytes_a_character(int length)
    {
        foreach (char character in "aé€")
        {
            AssertComesBack(new string(character, length));
            AssertComesBack(new string('a', length - 1) + character);
            AssertComesBack(character + new string('a', length - 1));
        }

        AssertComesBack(new string('\uD800', length));
    }

    [TestMethod]
    public void Null_and_empty_are_two_things()
    {
        Assert.IsNull(RoundTrip.Check<string?>(null));
        Assert.AreEqual("", RoundTrip.Check<string?>(""));
        CollectionAssert.AreEqual((byte[])[0], RoundTrip.BytesOf<string?>(null));
        CollectionAssert.AreEqual((byte[])[1], RoundTrip.BytesOf<string?>(""));
    }

    [TestMethod]
    [DataRow(new byte[] { })]
    [DataRow(new byte[] { 5, 97, 98 })]
    [DataRow(new byte[] { 3, 0xC3, 0x28 })]
    [DataRow(new byte[] { 2, 0xFF })]
    [DataRow(new byte[] { 3, 0xC0, 0x80 })]
    [DataRow(new byte[] { 4, 0xED, 0xA0, 0x20 })]
    [DataRow(new byte[] { 3, 0xED, 0xA0 })]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 97 })]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 97 })]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [DataRow(new byte[] { 0x80 })]
    public void Bytes_that_are_no_text_are_refused(byte[] bytes) =>
        Assert.ThrowsExactly<RecordCorruptedException>(() => RoundTrip.ReadOne(_serializer, bytes));

    private void AssertComesBack(string text)
    {
        using RecordWriter writer = new();
        _serializer.Write(writer, text);
        RecordReader reader = new(writer.WrittenSpan);
        Assert.AreEqual(text, _serializer.Read(ref reader), $"text of {text.Length} characters");
        reader.ExpectEnd();
    }
}
