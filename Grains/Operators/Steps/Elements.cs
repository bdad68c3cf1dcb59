using System.Runtime.CompilerServices;

namespace Millrace.Operators.Steps;

/// <summary>Counts by place.</summary>
internal static class Elements
{
    /// <summary>How many elements lie from one place of an array to a later one.</summary>
    public static int Between<T>(ref T from, ref T to) =>
        (int)((nint)Unsafe.ByteOffset(ref from, ref to) / Unsafe.SizeOf<T>());
}
