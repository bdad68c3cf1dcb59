using System.Text;

namespace Millrace.Connectors.Files.Writing;

/// <summary>A complete file that waits to become visible; its bytes are described in
/// docs/formats/file-sink.md.</summary>
/// <param name="HiddenName">Its present name; empty for a file without content that the commit itself makes, behind all
/// others.</param>
/// <param name="FinalName">The name it is to have: from the output directory on, parts joined by slashes.</param>
/// <param name="Length">In bytes.</param>
internal sealed record FileCommittable(string HiddenName, string FinalName, long Length)
{
    private const byte FormatVersion = 1;

    /// <summary>Whether it says that what lies beside it is complete.</summary>
    public bool IsMark => HiddenName.Length == 0;

    /// <summary>A file without content, which says that what lies beside it is complete.</summary>
    public static FileCommittable Mark(string finalName) => new("", finalName, 0);

    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(FormatVersion);
        writer.Write(HiddenName);
        writer.Write(FinalName);
        writer.Write(Length);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">These are no such bytes.</exception>
    public static FileCommittable Read(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            byte version = reader.ReadByte();
            if (version != FormatVersion)
            {
                throw new InvalidDataException($"A committable of version {version}; {FormatVersion} is understood.");
            }

            FileCommittable committable = new(reader.ReadString(), reader.ReadString(), reader.ReadInt64());
            bool isHere = committable.IsMark || IsName(committable.HiddenName);
            return isHere && Array.TrueForAll(committable.FinalName.Split('/'), IsName)
                ? committable
                : throw new InvalidDataException($"A committable with a path in place of a name: {committable}.");
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"A committable of {bytes.Length} bytes ends early.", exception);
        }
    }

    private static bool IsName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name == Path.GetFileName(name);
}
