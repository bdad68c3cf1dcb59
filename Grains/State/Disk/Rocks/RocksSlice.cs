using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.State.Disk.Rocks;

/// <summary>Bytes that stay where they are, as the library takes many keys.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct RocksSlice(nint data, int length)
{
    public readonly nint Data = data;
    public readonly nuint Length = (nuint)length;

    /// <summary>Bytes of the library's, as long as it says they stay.</summary>
    public static ReadOnlySpan<byte> At(nint data, nuint length) => length == 0
        ? default
        : MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), data), checked((int)length));
}
