using System.Buffers;

namespace Millrace.State.Snapshots.Restored;

/// <summary>Room for the entries of one key group at a time. Used by one thread at a time.</summary>
internal sealed class GroupRoom : IDisposable
{
    private byte[] _bytes = [];

    /// <summary>Room for so many bytes; what was in it is gone.</summary>
    public Span<byte> Of(int length)
    {
        if (_bytes.Length < length)
        {
            Dispose();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        return _bytes.AsSpan(0, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
