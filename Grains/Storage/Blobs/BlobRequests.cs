using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Millrace.Storage.Blobs;

/// <summary>Single requests for one blob, at most so many at a time in a silo. Thread-safe.</summary>
/// <remarks>Each is tried again as the options say, and ends with an error of <see cref="BlobErrors"/>.</remarks>
internal sealed class BlobRequests(BlobAccounts accounts, AzureStorageOptions options) : IDisposable
{
    private const int RemovalShare = 4;

    private readonly SemaphoreSlim _slots = new(options.MaxParallelRequests);

    // Whoever removes a thousand files does not keep others from writing and reading.
    private readonly SemaphoreSlim _removals = new(Math.Max(1, options.MaxParallelRequests / RemovalShare));

    /// <summary>Taken by whoever has a full block to send, until it is sent: so many wait in memory at most.</summary>
    public SemaphoreSlim Blocks { get; } = new(options.MaxParallelRequests);

    /// <summary>Bytes of one block.</summary>
    public int BlockBytes => options.BlockBytes;

    /// <summary>Puts a small blob whole.</summary>
    /// <param name="address">Where.</param>
    /// <param name="bytes">Its content; not touched before this ends.</param>
    /// <param name="conditions">When to do it; null for always.</param>
    /// <param name="metadata">What is noted beside it, or null.</param>
    /// <param name="cancellationToken">Gives up; it may be there or not.</param>
    /// <returns>False when the conditions did not hold.</returns>
    public async Task<bool> TryPutAsync(
        string address,
        ReadOnlyMemory<byte> bytes,
        BlobRequestConditions? conditions,
        IDictionary<string, string>? metadata,
        CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(
                address,
                client => client.UploadAsync(
                    BinaryData.FromBytes(bytes).ToStream(),
                    new BlobUploadOptions { Conditions = conditions, Metadata = metadata },
                    cancellationToken),
                cancellationToken);
            return true;
        }
        catch (IOException exception) when (
            conditions is not null
            && exception.InnerException is RequestFailedException failed
            && BlobErrors.IsOtherVersion(failed))
        {
            return false;
        }
    }

    /// <summary>Takes a block in, which is nowhere to be seen before the list with it is committed.</summary>
    public Task StageAsync(
        string address, string block, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(
            address,
            client => client.StageBlockAsync(
                block, BinaryData.FromBytes(bytes).ToStream(), options: null, cancellationToken),
            cancellationToken);

    /// <summary>Makes a blob of blocks: from then on all of it is there.</summary>
    public Task CommitAsync(string address, IReadOnlyList<string> blocks, CancellationToken cancellationToken) =>
        WriteAsync(
            address,
            client => client.CommitBlockListAsync(blocks, options: null, cancellationToken),
            cancellationToken);

    /// <summary>Reads a small blob whole.</summary>
    /// <returns>Null when it is not there.</returns>
    public async Task<StoredBlob?> TryReadAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadResult found = await SendAsync(
                "read",
                address,
                async client => (await client.DownloadContentAsync(cancellationToken)).Value,
                cancellationToken);
            return new StoredBlob(found.Content.ToArray(), found.Details.ETag, found.Details.Metadata);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads a part of a blob.</summary>
    /// <param name="address">Where.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="into">Gets the bytes, as many as fit and are there.</param>
    /// <param name="tag">The version that is wanted, or null for whichever is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">The blob is not there.</exception>
    /// <exception cref="IOException">It cannot be read, or is another version.</exception>
    public async Task<BlobPart> ReadAsync(
        string address, long offset, Memory<byte> into, ETag? tag, CancellationToken cancellationToken)
    {
        BlobDownloadOptions part = new()
        {
            Range = new HttpRange(offset, into.Length),
            Conditions = tag is null ? null : new BlobRequestConditions { IfMatch = tag },
        };
        return await SendAsync("read", address, ReadAsync, cancellationToken);

        async Task<BlobPart> ReadAsync(BlockBlobClient client)
        {
            try
            {
                using BlobDownloadStreamingResult found =
                    (await client.DownloadStreamingAsync(part, cancellationToken)).Value;
                int count = await found.Content.ReadAtLeastAsync(
                    into, into.Length, throwOnEndOfStream: false, cancellationToken);
                return new BlobPart(count, LengthOf(found.Details, offset + count), found.Details.ETag);
            }
            catch (RequestFailedException exception) when (offset == 0 && BlobErrors.IsBehindEnd(exception))
            {
                // No part of an empty blob can be asked for.
                BlobProperties blob = await client.GetPropertiesAsync(part.Conditions, cancellationToken);
                return new BlobPart(0, blob.ContentLength, blob.ETag);
            }
        }
    }

    /// <summary>The blobs below a folder, in no order.</summary>
    public async Task<IReadOnlyList<ListedBlob>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        BlobAddress place = BlobAddress.Parse(folder);
        string prefix = place.Path.Length == 0 ? "" : place.Path + "/";
        List<ListedBlob> found = [];
        try
        {
            await foreach (BlobItem blob in accounts.ContainerOf(place).GetBlobsAsync(
                BlobTraits.None, BlobStates.None, prefix, cancellationToken))
            {
                found.Add(new ListedBlob(
                    blob.Name[prefix.Length..],
                    blob.Properties.ETag ?? default,
                    blob.Properties.ContentLength ?? 0,
                    blob.Properties.LastModified ?? default));
            }

            return found;
        }
        catch (RequestFailedException exception) when (BlobErrors.IsMissing(exception))
        {
            return [];
        }
        catch (Exception exception) when (BlobErrors.IsOfStorage(exception, cancellationToken))
        {
            throw BlobErrors.Of(exception, "listed", folder);
        }
    }

    /// <summary>Whether a blob is there.</summary>
    public Task<bool> ExistsAsync(string address, CancellationToken cancellationToken) => SendAsync(
        "looked for", address, async client => (await client.ExistsAsync(cancellationToken)).Value, cancellationToken);

    /// <summary>Removes a blob, if it is there.</summary>
    public Task DeleteAsync(string address, CancellationToken cancellationToken) => SendAsync(
        "removed",
        address,
        async client =>
        {
            try
            {
                return (await client.DeleteIfExistsAsync(
                    DeleteSnapshotsOption.IncludeSnapshots, conditions: null, cancellationToken)).Value;
            }
            catch (RequestFailedException exception) when (BlobErrors.IsMissing(exception))
            {
                return false;
            }
        },
        _removals,
        cancellationToken);

    public void Dispose()
    {
        _slots.Dispose();
        _removals.Dispose();
        Blocks.Dispose();
    }

    private static long LengthOf(BlobDownloadDetails details, long least)
    {
        // As in "bytes 0-99/2000".
        string range = details.ContentRange ?? "";
        return long.TryParse(
            range.AsSpan(range.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : least;
    }

    // A container is like a directory: whoever writes first makes it.
    private async Task WriteAsync<T>(
        string address, Func<BlockBlobClient, Task<T>> write, CancellationToken cancellationToken) =>
        await SendAsync(
            "written",
            address,
            async client =>
            {
                try
                {
                    return await write(client);
                }
                catch (RequestFailedException exception) when (BlobErrors.IsContainerMissing(exception))
                {
                    await client.GetParentBlobContainerClient().CreateIfNotExistsAsync(
                        cancellationToken: cancellationToken);
                    return await write(client);
                }
            },
            cancellationToken);

    private Task<T> SendAsync<T>(
        string deed, string address, Func<BlockBlobClient, Task<T>> send, CancellationToken cancellationToken) =>
        SendAsync(deed, address, send, _slots, cancellationToken);

    private async Task<T> SendAsync<T>(
        string deed,
        string address,
        Func<BlockBlobClient, Task<T>> send,
        SemaphoreSlim slots,
        CancellationToken cancellationToken)
    {
        BlobAddress blob = BlobAddress.Parse(address);
        BlockBlobClient client = accounts.ContainerOf(blob).GetBlockBlobClient(blob.Path);
        await slots.WaitAsync(cancellationToken);
        try
        {
            return await send(client);
        }
        catch (Exception exception) when (BlobErrors.IsOfStorage(exception, cancellationToken))
        {
            throw BlobErrors.Of(exception, deed, address);
        }
        finally
        {
            slots.Release();
        }
    }
}

/// <summary>A small blob.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="Tag">Its version.</param>
/// <param name="Metadata">What is noted beside it.</param>
internal sealed record StoredBlob(byte[] Bytes, ETag Tag, IDictionary<string, string> Metadata);

/// <summary>What was read of a blob.</summary>
/// <param name="Count">Bytes read.</param>
/// <param name="Length">Bytes of the whole blob.</param>
/// <param name="Tag">Its version.</param>
internal readonly record struct BlobPart(int Count, long Length, ETag Tag);

/// <summary>A blob in a list.</summary>
/// <param name="Name">From the listed folder on, parts joined by slashes.</param>
/// <param name="Tag">Its version.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="ChangedAt">When it was written last.</param>
internal sealed record ListedBlob(string Name, ETag Tag, long Length, DateTimeOffset ChangedAt);
