using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Fast chance: the finalizer of SplitMix64 over a counter that starts at the event's number.</summary>
/// <remarks>Unlike <see cref="JavaRandom"/>, whose first numbers hardly differ from one event to the next, neighbouring
/// events have nothing in common.</remarks>
public struct MixedRandom : IEventRandom<MixedRandom>
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const int LettersPerDraw = 8;

    private ulong _counter;

    private MixedRandom(long number) => _counter = Mix((ulong)number);

    /// <inheritdoc/>
    public static MixedRandom Of(long number) => new(number);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int bound) => (int)(((Step() >> 32) * (uint)bound) >> 32);

    /// <inheritdoc/>
    public double Fraction() => (Step() >> 11) * (1.0 / (1L << 53));

    /// <summary>Letters, of each byte of a number one.</summary>
    public void Fill(Span<char> text)
    {
        Span<ushort> rest = MemoryMarshal.Cast<char, ushort>(text);
        for (; rest.Length >= LettersPerDraw; rest = rest[LettersPerDraw..])
        {
            Letters().CopyTo(rest);
        }

        Span<ushort> last = stackalloc ushort[LettersPerDraw];
        Letters().CopyTo(last);
        last[..rest.Length].CopyTo(rest);
    }

    private static ulong Mix(ulong value)
    {
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EB);
        return value ^ (value >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ushort> Letters()
    {
        Vector128<ushort> drawn = Vector128.WidenLower(Vector128.CreateScalar(Step()).AsByte());
        return ((drawn * 26) >>> 8) + Vector128.Create((ushort)'a');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Step() => Mix(_counter = unchecked(_counter + Golden));
}
