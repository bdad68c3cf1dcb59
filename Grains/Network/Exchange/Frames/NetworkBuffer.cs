using System.Buffers;
using System.Diagnostics;
using Millrace.Batches;

namespace Millrace.Network.Exchange.Frames;

/// <summary>A rented block of bytes, used by one holder or counted among several who only read.</summary>
/// <remarks>Whoever holds a reference reads, hands the reference on or releases it; after that it is not touched
/// again.</remarks>
internal sealed class NetworkBuffer : IHeldBytes
{
    private readonly BufferAccount _account;
    private byte[]? _bytes;
    private int _references = 1;

    private NetworkBuffer(byte[] bytes, BufferAccount account)
    {
        _bytes = bytes;
        _account = account;
        account.Out();
    }

    /// <summary>The block; perhaps longer than was asked for.</summary>
    public byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(NetworkBuffer));

    /// <summary>Whether the holder is the only one, and so may write.</summary>
    public bool IsExclusive => Volatile.Read(ref _references) == 1;

    /// <summary>A block of at least so many bytes, with one holder: the caller.</summary>
    public static NetworkBuffer Rent(int bytes, BufferAccount account) =>
        new(ArrayPool<byte>.Shared.Rent(bytes), account);

    /// <summary>A block that was rented from the shared pool by somebody else, who hands it over.</summary>
    public static NetworkBuffer Own(byte[] rented, BufferAccount account) => new(rented, account);

    /// <summary>Adds a holder.</summary>
    public void Retain()
    {
        int references = Interlocked.Increment(ref _references);
        Debug.Assert(references > 1, "a buffer is retained only by one of its holders");
    }

    /// <summary>Gives up one reference; the last one returns the block.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) > 0)
        {
            return;
        }

        byte[] bytes = Bytes;
        _bytes = null;
        _account.Back();
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
