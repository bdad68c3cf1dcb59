namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Texts of random length.</summary>
internal static class RandomText
{
    private const int MinLength = 3;

    /// <summary>Draws a text of 3 to <c>text.Length - 1</c> characters, of which one in 13 is special and the others
    /// are letters; without blanks at its ends.</summary>
    /// <param name="random">Goes on by as many draws, whether or not a string is made of the text.</param>
    /// <param name="text">Room for it.</param>
    /// <param name="special">The special character.</param>
    public static ReadOnlySpan<char> Draw<TRandom>(ref TRandom random, Span<char> text, char special = ' ')
        where TRandom : struct, IEventRandom<TRandom>
    {
        int length = MinLength + random.Below(text.Length - MinLength);
        for (int i = 0; i < length; i++)
        {
            text[i] = random.Below(13) == 0 ? special : (char)('a' + random.Below(26));
        }

        return ((ReadOnlySpan<char>)text[..length]).Trim(' ');
    }

    /// <summary>Filling that brings an event to a size, give or take a fifth of what was missing.</summary>
    /// <param name="random">Used up by it: nothing may be drawn afterwards.</param>
    /// <param name="size">Bytes the event has.</param>
    /// <param name="average">Bytes it is to have on the average.</param>
    public static string Filling<TRandom>(TRandom random, int size, int average)
        where TRandom : struct, IEventRandom<TRandom>
    {
        if (size > average)
        {
            return "";
        }

        int room = average - size;
        int spread = (int)Math.Floor((room * 0.2) + 0.5);
        int length = room - spread + (spread == 0 ? 0 : random.Below(2 * spread));
        return string.Create(length, random, static (text, random) => random.Fill(text));
    }
}
