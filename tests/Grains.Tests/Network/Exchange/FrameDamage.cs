using System.Buffers.Binary;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange;

/// <summary>Ways in which a sequence of frames gets damaged.</summary>
internal static class FrameDamage
{
    // Sizes at which something might be made for what is announced.
    private static readonly int[] Lengths =
        [int.MaxValue, int.MinValue, -1, 0, 1, FrameHeader.MaxLength, FrameHeader.MaxLength + 1, 64 << 20, 1 << 30];

    /// <summary>Damages a sequence, one to three times.</summary>
    public static byte[] Apply(Random random, FrameSequence sequence)
    {
        List<byte[]> frames = [.. sequence.Frames.Select(static frame => (byte[])frame.Clone())];
        for (int times = random.Next(3); times >= 0 && frames.Count > 0; times--)
        {
            Damage(random, frames);
        }

        return [.. frames.SelectMany(static frame => frame)];
    }

    private static void Damage(Random random, List<byte[]> frames)
    {
        int at = random.Next(frames.Count);
        byte[] frame = frames[at];
        if (frame.Length < sizeof(int))
        {
            // So little is left of it already that nothing else can be done to it.
            frames.RemoveAt(at);
            return;
        }

        switch (random.Next(7))
        {
            case 0:
                frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                frames[at] = frame[..random.Next(frame.Length)];
                break;
            case 2:
                frames.Insert(random.Next(frames.Count), (byte[])frame.Clone());
                break;
            case 3:
                int other = random.Next(frames.Count);
                (frames[at], frames[other]) = (frames[other], frames[at]);
                break;
            case 4:
                BinaryPrimitives.WriteInt32LittleEndian(frame, Lengths[random.Next(Lengths.Length)]);
                break;
            case 5:
                // The length of a block, or the number of its records.
                if (frame.Length >= FrameHeader.Bytes + BlockHeader.Bytes)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(
                        frame.AsSpan(FrameHeader.Bytes + (4 * random.Next(2))), Lengths[random.Next(Lengths.Length)]);
                }

                break;
            default:
                frames.RemoveAt(at);
                break;
        }
    }
}
