namespace Millrace.Jobs;

/// <summary>Takes the upload of one job package into the cluster's package store. Keyed by package id.</summary>
/// <remarks>Order: <see cref="BeginAsync"/>, any number of <see cref="AppendAsync"/> one after the other, then
/// <see cref="CompleteAsync"/>. After a failure begin again.</remarks>
[Alias("millrace.IPackageGrain")]
public interface IPackageGrain : IGrainWithStringKey
{
    /// <summary>Most bytes of one chunk.</summary>
    const int MaxChunkBytes = 1 << 20;

    /// <summary>Whether the store has the package, so that nothing need be uploaded.</summary>
    [Alias("IsStored")]
    Task<bool> IsStoredAsync(CancellationToken cancellationToken);

    /// <summary>Begins an upload, and forgets one that was begun before.</summary>
    /// <returns>Name of the upload, to be given with every chunk.</returns>
    [Alias("Begin")]
    Task<string> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Adds bytes of the archive.</summary>
    /// <param name="upload">From <see cref="BeginAsync"/>.</param>
    /// <param name="offset">Bytes added before; a chunk sent again is taken once.</param>
    /// <param name="chunk">At most <see cref="MaxChunkBytes"/> bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidPackageException">The upload is unknown, or bytes before the offset are
    /// missing.</exception>
    [Alias("Append")]
    Task AppendAsync(string upload, long offset, byte[] chunk, CancellationToken cancellationToken);

    /// <summary>All bytes were added: checks them against the package id and stores the package.</summary>
    /// <param name="upload">From <see cref="BeginAsync"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PackageCorruptedException">The content is not the one the id names.</exception>
    [Alias("Complete"), ResponseTimeout("00:05:00")]
    Task CompleteAsync(string upload, CancellationToken cancellationToken);
}
