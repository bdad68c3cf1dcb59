using Millrace.Jobs;

namespace Millrace.UserCode;

/// <summary>Keeps job packages by the id of their content. All silos of a cluster see the same store.</summary>
/// <remarks>Every member may be called from any thread, and at the same time from several processes.</remarks>
internal interface IPackageStore
{
    /// <summary>For messages: where packages are kept.</summary>
    string Name { get; }

    /// <summary>Whether the package can be opened.</summary>
    Task<bool> ExistsAsync(PackageId id, CancellationToken cancellationToken);

    /// <summary>Keeps a package, durably. It is there whole or not at all; keeping it again changes nothing.</summary>
    /// <param name="id">What the content must hash to.</param>
    /// <param name="zip">Read from where it stands to its end.</param>
    /// <param name="cancellationToken">Keeps nothing.</param>
    /// <exception cref="PackageCorruptedException">The content hashes to something else.</exception>
    /// <exception cref="InvalidPackageException">It is no package, is out of bounds, or the store is full.</exception>
    Task PutAsync(PackageId id, Stream zip, CancellationToken cancellationToken);

    /// <summary>Opens a package, after reading it once to verify its content.</summary>
    /// <returns>The zip, seekable and at its beginning; the caller disposes it.</returns>
    /// <exception cref="PackageNotFoundException">It is not there.</exception>
    /// <exception cref="PackageCorruptedException">What is there is not what was put.</exception>
    Task<Stream> OpenAsync(PackageId id, CancellationToken cancellationToken);

    /// <summary>Removes a package, if it is there. Who has it open keeps it.</summary>
    Task DeleteAsync(PackageId id, CancellationToken cancellationToken);
}
