namespace Millrace.Execution.Spilling;

[TestClass]
public sealed class ChecksumTests
{
    // The value that the standards for iSCSI and CRC catalogues give.
    [TestMethod]
    public void It_is_the_known_one() => Assert.AreEqual(0xE3069283u, Checksum.Of("123456789"u8));

    // Blocks of three parts, and what is left over, beginning anywhere.
    [TestMethod]
    public void It_is_that_of_one_bit_after_the_other()
    {
        byte[] bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        int[] lengths = [.. Enumerable.Range(0, 40), 1_023, 1_024, 3_071, 3_072, 3_073, 6_144, 9_999, 19_990];
        foreach (int length in lengths)
        {
            foreach (int start in (int[])[0, 1, 7])
            {
                ReadOnlySpan<byte> some = bytes.AsSpan(start, length);
                Assert.AreEqual(BitByBit(some), Checksum.Of(some), $"{length} bytes from {start} on");
                int half = length / 2;
                Assert.AreEqual(
                    BitByBit(some),
                    Checksum.Append(Checksum.Of(some[..half]), some[half..]),
                    $"{length} bytes from {start} on, in two parts");
            }
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        const uint Polynomial = 0x82F63B78;
        uint crc = ~0u;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }
        }

        return ~crc;
    }
}
