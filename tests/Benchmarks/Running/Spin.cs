namespace Millrace.Running;

/// <summary>Work for a processor alone: no memory, no calls.</summary>
internal static class Spin
{
    /// <summary>Mixes a number again and again, each time about a nanosecond.</summary>
    public static long Mix(long number, int times)
    {
        ulong mixed = (ulong)number;
        for (int i = 0; i < times; i++)
        {
            mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
        }

        return (long)(mixed >> 1);
    }
}
