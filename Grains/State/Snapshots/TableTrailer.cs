using System.Buffers.Binary;
using Millrace.Execution.Spilling;
using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>How bytes end whose table stands behind all that it tells of.</summary>
/// <param name="Offset">Where the table begins.</param>
/// <param name="TableChecksum">What its bytes were when they were written.</param>
internal readonly record struct TableTrailer(long Offset, uint TableChecksum)
{
    /// <summary>Number of bytes.</summary>
    public const int Bytes = sizeof(long) + sizeof(uint);

    /// <summary>Appends what says where the table is.</summary>
    /// <param name="writer">Has just been given the table.</param>
    /// <param name="start">Where in the writer the table begins.</param>
    /// <param name="offset">Where it begins, from the beginning of all.</param>
    public static void Write(RecordWriter writer, int start, long offset)
    {
        uint checksum = Checksum.Of(writer.WrittenSpan[start..]);
        writer.WriteInt64(offset);
        writer.WriteUInt32(checksum);
    }

    /// <summary>Reads it.</summary>
    /// <param name="trailer">The last bytes.</param>
    /// <param name="length">Number of all bytes.</param>
    /// <param name="first">Before this byte no table begins.</param>
    /// <param name="table">Name of the table, for errors.</param>
    public static TableTrailer Read(ReadOnlySpan<byte> trailer, long length, int first, string table)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        if (offset < first || offset > length - Bytes)
        {
            new RecordReader(trailer).ThrowCorrupted(
                $"the {table} begins at byte {offset} of {length}, which cannot be");
        }

        return new TableTrailer(offset, BinaryPrimitives.ReadUInt32LittleEndian(trailer[sizeof(long)..]));
    }

    /// <summary>A reader of the table, whose bytes are those that were written.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="table">Its name, for errors.</param>
    public RecordReader ReaderOf(ReadOnlySpan<byte> bytes, string table)
    {
        RecordReader reader = new(bytes);
        uint found = Checksum.Of(bytes);
        if (found != TableChecksum)
        {
            reader.ThrowCorrupted($"the {table} has the checksum {found:x8}, and {TableChecksum:x8} was written");
        }

        return reader;
    }
}
