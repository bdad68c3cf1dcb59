using System.Buffers;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Writes many parts as few records of TLS: each of them costs a header, a checksum, and perhaps a call into
/// the system. Belongs to the connection's writer.</summary>
internal static class FullRecords
{
    /// <summary>Bytes that are encrypted at a time: two records of the largest size there is.</summary>
    private const int BlockBytes = 32 << 10;

    /// <summary>Writes all parts. All records but the last one are full; only what does not fill one by itself is
    /// copied.</summary>
    public static async ValueTask WriteAsync(
        Stream tls, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int used = 0;
            for (int i = 0; i < parts.Count; i++)
            {
                ReadOnlyMemory<byte> rest = parts[i];
                while (rest.Length > 0)
                {
                    if (used == 0 && rest.Length >= BlockBytes)
                    {
                        int whole = rest.Length - (rest.Length % BlockBytes);
                        await tls.WriteAsync(rest[..whole], cancellationToken);
                        rest = rest[whole..];
                        continue;
                    }

                    int now = Math.Min(rest.Length, BlockBytes - used);
                    rest[..now].CopyTo(block.AsMemory(used));
                    rest = rest[now..];
                    used += now;
                    if (used == BlockBytes)
                    {
                        await tls.WriteAsync(block.AsMemory(0, BlockBytes), cancellationToken);
                        used = 0;
                    }
                }
            }

            if (used > 0)
            {
                await tls.WriteAsync(block.AsMemory(0, used), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
