using System.Buffers;
using Azure;
using Millrace.Execution.Files;

namespace Millrace.Storage.Blobs;

/// <summary>A blob that is read from any place, by as many bytes as are asked for: a request for each block of them,
/// side by side.</summary>
/// <remarks>All that is read is of one version: when the blob is replaced meanwhile, the next read fails. Beside its
/// first bytes, by which readers tell what it is, nothing of it is held.</remarks>
internal sealed class BlobFile : StoredFile
{
    private const int FirstBytes = 256;
    private const int SmallBytes = 64 << 10;

    private readonly string _address;
    private readonly BlobRequests _requests;
    private readonly ReadOnlyMemory<byte> _first;
    private readonly ETag _tag;

    private BlobFile(string address, BlobRequests requests, ReadOnlyMemory<byte> first, BlobPart part)
    {
        _address = address;
        _requests = requests;
        _first = first;
        _tag = part.Tag;
        Length = part.Length;
    }

    public override long Length { get; }

    /// <summary>Opens a blob.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<BlobFile> OpenAsync(
        string address, BlobRequests requests, CancellationToken cancellationToken)
    {
        byte[] first = new byte[FirstBytes];
        BlobPart part = await requests.ReadAsync(address, 0, first, tag: null, cancellationToken);
        return new BlobFile(address, requests, first.AsMemory(0, part.Count), part);
    }

    /// <summary>Reads a blob whole: one that is small by one request.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read, or is too large for that.</exception>
    public static async Task<byte[]> ReadAllAsync(
        string address, BlobRequests requests, CancellationToken cancellationToken)
    {
        byte[] first = ArrayPool<byte>.Shared.Rent(SmallBytes);
        try
        {
            BlobPart part = await requests.ReadAsync(
                address, 0, first.AsMemory(0, SmallBytes), tag: null, cancellationToken);
            using BlobFile blob = new(address, requests, first.AsMemory(0, part.Count), part);
            byte[] bytes = part.Length <= Array.MaxLength
                ? GC.AllocateUninitializedArray<byte>((int)part.Length)
                : throw new IOException(
                    $"'{address}' has {part.Length} bytes; at most {Array.MaxLength} can be read whole.");
            first.AsSpan(0, part.Count).CopyTo(bytes);
            await blob.ReadAsync(part.Count, bytes.AsMemory(part.Count), cancellationToken);
            return bytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(first);
        }
    }

    /// <summary>Appends a blob to a stream, a block at a time: of one version, and all of one that is small whatever
    /// takes its place.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task CopyAsync(
        string address, BlobRequests requests, Stream stream, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(requests.BlockBytes);
        try
        {
            BlobPart part = default;
            ETag? tag = null;
            for (long offset = 0; tag is null || offset < part.Length; offset += part.Count)
            {
                part = await requests.ReadAsync(
                    address, offset, block.AsMemory(0, requests.BlockBytes), tag, cancellationToken);
                tag = part.Tag;
                if (part.Count == 0 && offset < part.Length)
                {
                    throw EndOf(address, offset, part.Length);
                }

                await stream.WriteAsync(block.AsMemory(0, part.Count), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public override Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        RequireWithin(_address, offset, into.Length);
        if (into.Length <= _first.Length - offset)
        {
            _first.Slice((int)offset, into.Length).CopyTo(into);
            return Task.CompletedTask;
        }

        if (into.IsEmpty)
        {
            return Task.CompletedTask;
        }

        int block = _requests.BlockBytes;
        if (into.Length <= block)
        {
            return FetchAsync(offset, into, cancellationToken);
        }

        Task[] parts = new Task[((into.Length - 1) / block) + 1];
        for (int i = 0; i < parts.Length; i++)
        {
            int at = i * block;
            parts[i] = FetchAsync(
                offset + at, into.Slice(at, Math.Min(block, into.Length - at)), cancellationToken);
        }

        return Task.WhenAll(parts);
    }

    private async Task FetchAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        BlobPart part = await _requests.ReadAsync(_address, offset, into, _tag, cancellationToken);
        if (part.Count < into.Length)
        {
            throw EndOf(_address, offset + part.Count, Length);
        }
    }

    private static IOException EndOf(string address, long end, long length) =>
        new($"'{address}' ended at byte {end} when {length} bytes were to be read.");
}
