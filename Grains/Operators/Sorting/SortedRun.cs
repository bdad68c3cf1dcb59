using System.Buffers;
using System.Buffers.Binary;
using Millrace.Execution.Spilling;

namespace Millrace.Operators.Sorting;

/// <summary>Where a sorted run stands in its file.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Parts">Bytes of each of its parts: a checksum, then whole entries.</param>
internal sealed record SortedRun(long Offset, IReadOnlyList<int> Parts)
{
    /// <summary>What a part begins with.</summary>
    public const int ChecksumBytes = 4;

    /// <summary>What stands before a record: hash, timestamp, length.</summary>
    public const int EntryBytes = 20;

    private const int PartBytes = 64 << 10;

    /// <summary>Writes a run to the end of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="entries">Sorted.</param>
    /// <param name="records">What their offsets count in.</param>
    public static async Task<SortedRun> WriteAsync(
        SpillFile file, ReadOnlyMemory<SortEntry> entries, ReadOnlyMemory<byte> records)
    {
        SortedRun run = new(file.Length, new List<int>());
        byte[] part = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            for (int done = 0; done < entries.Length;)
            {
                int bytes = BytesOfPart(entries.Span[done..], out int count);
                if (bytes > part.Length)
                {
                    ArrayPool<byte>.Shared.Return(part);
                    part = ArrayPool<byte>.Shared.Rent(bytes);
                }

                Fill(part.AsSpan(0, bytes), entries.Span.Slice(done, count), records.Span);
                await file.AppendAsync(part.AsMemory(0, bytes));
                ((List<int>)run.Parts).Add(bytes);
                done += count;
            }

            return run;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    /// <summary>Whether a part is what was written.</summary>
    public static bool IsSound(ReadOnlySpan<byte> part) =>
        BinaryPrimitives.ReadUInt32LittleEndian(part) == Checksum.Of(part[ChecksumBytes..]);

    private static int BytesOfPart(ReadOnlySpan<SortEntry> entries, out int count)
    {
        int bytes = ChecksumBytes;
        for (count = 0; count < entries.Length; count++)
        {
            int more = EntryBytes + entries[count].Length;
            if (count > 0 && bytes + more > PartBytes)
            {
                break;
            }

            bytes += more;
        }

        return bytes;
    }

    private static void Fill(Span<byte> part, ReadOnlySpan<SortEntry> entries, ReadOnlySpan<byte> records)
    {
        int at = ChecksumBytes;
        foreach (SortEntry entry in entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(part[at..], entry.Hash);
            BinaryPrimitives.WriteInt64LittleEndian(part[(at + 8)..], entry.Timestamp);
            BinaryPrimitives.WriteInt32LittleEndian(part[(at + 16)..], entry.Length);
            records.Slice(entry.Offset, entry.Length).CopyTo(part[(at + EntryBytes)..]);
            at += EntryBytes + entry.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(part, Checksum.Of(part[ChecksumBytes..]));
    }
}
