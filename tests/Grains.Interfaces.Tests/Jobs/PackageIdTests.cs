using System.Security.Cryptography;

namespace Millrace.Jobs;

[TestClass]
public sealed class PackageIdTests
{
    private const string Digits = "00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    [TestMethod]
    public void An_id_is_written_as_it_was_read_and_as_the_hash_it_was_made_of()
    {
        PackageId id = PackageId.Parse(Digits);

        Assert.AreEqual(Digits, id.ToString());
        Assert.AreEqual(id, PackageId.OfHash(Convert.FromHexString(Digits)));
        byte[] hash = SHA256.HashData("content"u8);
        Assert.AreEqual(Convert.ToHexStringLower(hash), PackageId.OfHash(hash).ToString());
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4C3D2E1F0")]
    [DataRow("00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f")]
    [DataRow("00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f00")]
    [DataRow("../112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f0")]
    [DataRow("00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1g0")]
    public void Anything_but_64_lower_case_digits_is_refused(string? text)
    {
        Assert.IsFalse(PackageId.TryParse(text, out PackageId id));
        Assert.AreEqual(default, id);
        Assert.ThrowsExactly<FormatException>(() => PackageId.Parse(text!));
    }

    [TestMethod]
    public void A_hash_of_another_length_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PackageId.OfHash(new byte[31]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PackageId.OfHash(new byte[33]));
    }
}
