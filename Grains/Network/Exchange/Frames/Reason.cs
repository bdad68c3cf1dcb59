using System.Text;

namespace Millrace.Network.Exchange.Frames;

/// <summary>A reason that one silo gives another.</summary>
internal static class Reason
{
    private const int MaxBytes = 512;

    public static byte[] ToBytes(string reason)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(reason);
        return bytes.Length <= MaxBytes ? bytes : bytes[..MaxBytes];
    }

    /// <summary>Fit for a log: it comes from the other end, perhaps from somebody who has no business here.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxBytes)]);
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }
}
