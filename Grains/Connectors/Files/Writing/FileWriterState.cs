using System.Text;

namespace Millrace.Connectors.Files.Writing;

/// <summary>What a writer goes on from; its bytes are described in docs/formats/file-sink.md.</summary>
/// <param name="Next">Number of its next file.</param>
/// <param name="Buckets">Those that get a success file in the end; empty where none is asked for.</param>
internal sealed record FileWriterState(long Next, IReadOnlyCollection<string> Buckets)
{
    /// <summary>A writer that begins.</summary>
    public static readonly FileWriterState Beginning = new(0, []);

    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(Next);
        foreach (string bucket in Buckets)
        {
            writer.Write(bucket);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>What any number of writers left, in one: none of its files has the name of one of theirs.</summary>
    /// <exception cref="InvalidDataException">These are no such bytes.</exception>
    public static FileWriterState Of(IEnumerable<byte[]> states)
    {
        long next = 0;
        SortedSet<string> buckets = new(StringComparer.Ordinal);
        foreach (byte[] state in states)
        {
            using BinaryReader reader = new(new MemoryStream(state), Encoding.UTF8);
            try
            {
                next = Math.Max(next, reader.ReadInt64());
                while (reader.BaseStream.Position < state.Length)
                {
                    buckets.Add(reader.ReadString());
                }
            }
            catch (EndOfStreamException exception)
            {
                throw new InvalidDataException($"A writer's state of {state.Length} bytes ends early.", exception);
            }
        }

        return new FileWriterState(next, buckets);
    }
}
