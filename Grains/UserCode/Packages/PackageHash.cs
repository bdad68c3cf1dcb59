using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>Computes a package's id from its files: independent of how, when and by what they were zipped.</summary>
/// <remarks>
/// SHA-256 over a line that names the format, then for each file, in the order of the names' UTF-8 bytes: length of
/// the name, the name, length of the content, the content. A contract with every package stored:
/// docs/formats/job-package.md.
/// </remarks>
internal sealed class PackageHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public PackageHash() => _hash.AppendData("millrace-package 1\n"u8);

    /// <summary>The order of a package's files.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(
        (left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    /// <summary>Begins a file; exactly <paramref name="length"/> bytes of content must follow.</summary>
    public void BeginFile(string name, long length)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt32LittleEndian(number, nameBytes.Length);
        _hash.AppendData(number[..sizeof(int)]);
        _hash.AppendData(nameBytes);
        BinaryPrimitives.WriteInt64LittleEndian(number, length);
        _hash.AppendData(number);
    }

    public void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    public PackageId Finish()
    {
        Span<byte> hash = stackalloc byte[PackageId.HashBytes];
        _hash.GetHashAndReset(hash);
        return PackageId.OfHash(hash);
    }

    public void Dispose() => _hash.Dispose();
}
