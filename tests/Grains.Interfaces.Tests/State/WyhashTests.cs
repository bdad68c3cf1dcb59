using System.Text;

namespace Millrace.State;

[TestClass]
public sealed class WyhashTests
{
    // The vectors that the hash's author publishes; the seed is the number of the row.
    [TestMethod]
    [DataRow(0UL, "", 0x0409638ee2bde459UL)]
    [DataRow(1UL, "a", 0xa8412d091b5fe0a9UL)]
    [DataRow(2UL, "abc", 0x32dd92e4b2915153UL)]
    [DataRow(3UL, "message digest", 0x8619124089a3a16bUL)]
    [DataRow(4UL, "abcdefghijklmnopqrstuvwxyz", 0x7a43afb61d7f5f40UL)]
    [DataRow(5UL, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 0xff42329b90e50d58UL)]
    [DataRow(
        6UL, "12345678901234567890123456789012345678901234567890123456789012345678901234567890", 0xc39cab13b115aad3UL)]
    public void Published_vectors_hold(ulong seed, string text, ulong expected) =>
        Assert.AreEqual(expected, Wyhash.Of(Encoding.ASCII.GetBytes(text), seed));

    [TestMethod]
    public void Every_byte_of_every_length_counts_and_none_beyond_it()
    {
        byte[] bytes = new byte[160];
        HashSet<ulong> seen = [];
        for (int length = 0; length < 150; length++)
        {
            ulong hash = Wyhash.Of(bytes.AsSpan(0, length));
            Assert.IsTrue(seen.Add(hash), $"{length} zeros hash like fewer of them");
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 0x10;
                bool changed = Wyhash.Of(bytes.AsSpan(0, length)) != hash;
                Assert.AreEqual(i < length, changed, $"byte {i} of {length}");
                bytes[i] ^= 0x10;
            }
        }
    }
}
