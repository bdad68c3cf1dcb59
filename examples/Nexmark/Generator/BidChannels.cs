using System.Globalization;

namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Where bidders come from. Half of them come by one of four large channels, the others by one of 10,000 small
/// ones; each channel has one page.</summary>
/// <remarks>Made once, 2 MB; so a bid costs no text.</remarks>
internal static class BidChannels
{
    private const int Small = 10_000;
    private const int MaxPart = 5;

    // Any constant does: it keeps the chance of a channel apart from that of the rest of its bid.
    private const long Salt = 0x4E_45_58_4D_41_52_4B;

    private static readonly string[] LargeNames = ["Google", "Facebook", "Baidu", "Apple"];

    // Name and page side by side: both are wanted, and finding one of so many means waiting for memory.
    private static readonly (string Name, string Url)[] LargeOnes =
        [.. LargeNames.Select((name, index) => (name, UrlOf(Small + index)))];

    private static readonly (string Name, string Url)[] SmallOnes =
        [.. Enumerable.Range(0, Small).Select(channel => (NameOf(channel), UrlWithIdOf(channel)))];

    /// <summary>Channel and page of the bid with an event number.</summary>
    /// <remarks>By a chance of its own, so that Beam's fields, which know no channel, keep their values.</remarks>
    public static (string Channel, string Url) Of(long number)
    {
        var random = MixedRandom.Of(number ^ Salt);
        return random.Below(2) > 0
            ? LargeOnes[random.Below(LargeNames.Length)]
            : SmallOnes[random.Below(Small)];
    }

    private static string NameOf(int channel) => string.Create(CultureInfo.InvariantCulture, $"channel-{channel}");

    private static string UrlWithIdOf(int channel)
    {
        var random = MixedRandom.Of(~(long)channel);
        return random.Below(10) > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{UrlOf(channel)}&channel_id={IdOf(channel)}")
            : UrlOf(channel);
    }

    private static string UrlOf(int channel)
    {
        var random = MixedRandom.Of(channel);
        Span<char> text = stackalloc char[MaxPart];
        string first = RandomText.Draw(ref random, text, '_').ToString();
        string second = RandomText.Draw(ref random, text, '_').ToString();
        string third = RandomText.Draw(ref random, text, '_').ToString();
        return $"https://www.nexmark.com/{first}/{second}/{third}/item.htm?query=1";
    }

    /// <summary>The number with its 32 bits in reverse order, without a sign.</summary>
    private static long IdOf(int channel)
    {
        uint reversed = 0;
        for (int bit = 0; bit < 32; bit++)
        {
            reversed |= (((uint)channel >> bit) & 1) << (31 - bit);
        }

        return Math.Abs((long)(int)reversed);
    }
}
