using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Millrace.Operators.Steps;

/// <summary>What a loop over a block of records does for the block that follows.</summary>
internal interface IReadAhead
{
    /// <summary>A record is being worked on.</summary>
    static abstract void Pass<T>(ref readonly T record);
}

/// <summary>Nothing: the records were just written, and are near.</summary>
internal readonly struct NoReadAhead : IReadAhead
{
    public static void Pass<T>(ref readonly T record)
    {
    }
}

/// <summary>Asks for the record that is a block further on, where records lie in the memory of somebody else: the
/// filter of the next block finds it in the cache (docs/adr/0031).</summary>
internal readonly struct ReadBlockAhead : IReadAhead
{
    // A little more than a block, so that the first ones of the next are on their way as well.
    private const int Records = SelectBlock.Records + (SelectBlock.Records / 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Pass<T>(ref readonly T record)
    {
        if (Sse.IsSupported)
        {
            // Only an address: a hint does no harm where nothing is.
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref Unsafe.AsRef(in record), Records)));
        }
    }
}

/// <summary>The block of records that is filtered before the steps behind it do their work.</summary>
internal static class SelectBlock
{
    public const int Records = 256;
}
