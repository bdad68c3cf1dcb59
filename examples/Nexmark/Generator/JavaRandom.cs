using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Examples.Nexmark.Generator;

/// <summary>The numbers of <c>java.util.Random</c>, seeded with the number of the event, as in Apache Beam's
/// generator.</summary>
/// <remarks>A linear congruence of 48 bits. They are kept in the upper bits of 64, where the remainder by 2 to the 48th
/// comes by itself.</remarks>
public struct JavaRandom : IEventRandom<JavaRandom>
{
    private const ulong Multiplier = 0x5DEECE66D;
    private const ulong Addend = 0xBUL << 16;
    private const int LettersPerDraw = 6;
    private const int Letters = 26;
    private const int LetterPairs = Letters * Letters;

    // Two characters for each remainder by 26 times 26, negative ones first.
    private static readonly uint[] Pairs =
        [.. Enumerable.Range(1 - LetterPairs, (2 * LetterPairs) - 1).Select(PairOf)];

    private ulong _state;

    /// <param name="seed">As given to the constructor of the Java class.</param>
    public JavaRandom(long seed) => _state = ((ulong)seed ^ Multiplier) << 16;

    /// <inheritdoc/>
    public static JavaRandom Of(long number) => new(number);

    /// <summary>Any number of 32 bits: <c>nextInt()</c>.</summary>
    public int Any() => (int)(Step() >> 32);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int bound)
    {
        uint drawn = (uint)(Step() >> 33);
        if ((bound & (bound - 1)) == 0)
        {
            return (int)(((ulong)bound * drawn) >> 31);
        }

        uint remainder = drawn % (uint)bound;
        while ((int)(drawn - remainder + (uint)bound - 1) < 0)
        {
            // The last, incomplete run of remainders would favour the small ones.
            drawn = (uint)(Step() >> 33);
            remainder = drawn % (uint)bound;
        }

        return (int)remainder;
    }

    /// <inheritdoc/>
    public double Fraction()
    {
        long upper = (long)(Step() >> 38) << 27;
        return (upper + (long)(Step() >> 37)) * (1.0 / (1L << 53));
    }

    /// <summary>Six characters of each number of 32 bits. As in Beam, a negative number counts down from the letter a:
    /// half of the characters lie between H and the back-quote.</summary>
    public void Fill(Span<char> text)
    {
        ReadOnlySpan<uint> pairs = Pairs;
        for (; text.Length >= LettersPerDraw; text = text[LettersPerDraw..])
        {
            int drawn = Any();
            int rest = drawn / LetterPairs;
            int last = drawn / (LetterPairs * LetterPairs);
            Span<byte> bytes = MemoryMarshal.AsBytes(text[..LettersPerDraw]);
            MemoryMarshal.Write(bytes, pairs[drawn - (rest * LetterPairs) + LetterPairs - 1]);
            MemoryMarshal.Write(bytes[4..], pairs[rest - (last * LetterPairs) + LetterPairs - 1]);
            MemoryMarshal.Write(bytes[8..], pairs[(last % LetterPairs) + LetterPairs - 1]);
        }

        if (text.IsEmpty)
        {
            return;
        }

        for (int i = 0, drawn = Any(); i < text.Length; i++)
        {
            int rest = drawn / Letters;
            text[i] = LetterOf(drawn - (rest * Letters));
            drawn = rest;
        }
    }

    private static char LetterOf(int remainder) => (char)('a' + remainder);

    private static uint PairOf(int remainder)
    {
        ReadOnlySpan<char> pair = [LetterOf(remainder % Letters), LetterOf(remainder / Letters)];
        return MemoryMarshal.Read<uint>(MemoryMarshal.AsBytes(pair));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Step() => _state = unchecked((_state * Multiplier) + Addend);
}
