using System.Runtime.InteropServices;

namespace Millrace.Latency;

/// <summary>A record that says when it was to be sent.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Scheduled">When it was to be sent, whether that was possible or not: a timestamp of the clock that all
/// processes of a machine share.</param>
internal readonly record struct PacedRecord(long Key, long Scheduled)
{
    /// <summary>Its size in a socket.</summary>
    public const int Bytes = 16;

    /// <summary>Reads one.</summary>
    public static PacedRecord Read(ReadOnlySpan<byte> from) => MemoryMarshal.Read<PacedRecord>(from);

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> to) => MemoryMarshal.Write(to, in this);
}
