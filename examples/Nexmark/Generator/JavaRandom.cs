using System.Runtime.CompilerServices;

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
        while (text.Length > 0)
        {
            int drawn = Any();
            int count = Math.Min(text.Length, LettersPerDraw);
            for (int i = 0; i < count; i++)
            {
                int rest = drawn / 26;
                text[i] = (char)('a' + drawn - (rest * 26));
                drawn = rest;
            }

            text = text[count..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Step() => _state = unchecked((_state * Multiplier) + Addend);
}
