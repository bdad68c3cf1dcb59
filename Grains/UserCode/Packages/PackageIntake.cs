using Millrace.Execution;
using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>What every package store does with a package before it keeps it or hands it out: bounds and
/// content.</summary>
/// <param name="store">The store's name, for messages.</param>
/// <param name="execution">Runs what takes its time.</param>
/// <param name="options">The bounds.</param>
internal sealed class PackageIntake(string store, IExecution execution, UserCodeOptions options)
{
    private const int CopyBufferBytes = 1 << 16;

    /// <summary>Copies a package, as far as it may be kept.</summary>
    /// <param name="zip">Read from where it stands to its end.</param>
    /// <param name="into">Gets it.</param>
    /// <param name="storedBytes">What the store keeps already.</param>
    /// <param name="cancellationToken">Leaves half of it.</param>
    /// <exception cref="InvalidPackageException">It is too large, or the store is full.</exception>
    public async Task CopyAsync(Stream zip, Stream into, long storedBytes, CancellationToken cancellationToken)
    {
        long roomBytes = options.MaxStoreBytes - storedBytes;
        byte[] buffer = new byte[CopyBufferBytes];
        long bytes = 0;
        for (int read = await zip.ReadAsync(buffer, cancellationToken); read > 0;
            read = await zip.ReadAsync(buffer, cancellationToken))
        {
            bytes += read;
            if (bytes > options.MaxPackageBytes)
            {
                throw new InvalidPackageException(
                    $"The package has more than {options.MaxPackageBytes} bytes, which is all that is allowed "
                    + "(Millrace:UserCode:MaxPackageBytes).");
            }

            if (bytes > roomBytes)
            {
                throw new InvalidPackageException(
                    $"The package does not fit into {store}: it may keep {options.MaxStoreBytes} bytes "
                    + "(Millrace:UserCode:MaxStoreBytes). Delete packages that no job needs.");
            }

            await into.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>Whether a store has a package as it was put: a damaged one is replaced by what is put now.</summary>
    public static async Task<bool> IsIntactAsync(
        IPackageStore store, PackageId id, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream file = await store.OpenAsync(id, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is PackageNotFoundException or PackageCorruptedException)
        {
            return false;
        }
    }

    /// <summary>Reads a package from its beginning and compares it with its id. Not on the caller's scheduler, which
    /// may be a grain's.</summary>
    /// <exception cref="PackageCorruptedException">It is another one.</exception>
    /// <exception cref="InvalidPackageException">It is none.</exception>
    public Task VerifyAsync(PackageId id, Stream zip, string place, CancellationToken cancellationToken) =>
        execution.RunAsync(() =>
        {
            zip.Position = 0;
            using PackageArchive archive = PackageArchive.Open(zip, options);
            PackageId found = archive.ComputeId(cancellationToken);
            return found == id
                ? Task.CompletedTask
                : throw new PackageCorruptedException(id, place, $"its content is that of {found}");
        });

    /// <summary>Makes a stored package ready for who asked for it: verified, and at its beginning. Disposes it when
    /// that fails.</summary>
    /// <exception cref="PackageCorruptedException">It is not what was put.</exception>
    public async Task<Stream> OpenAsync(PackageId id, Stream zip, string place, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyAsync(id, zip, place, cancellationToken);
            zip.Position = 0;
            return zip;
        }
        catch (InvalidPackageException error)
        {
            await zip.DisposeAsync();
            throw new PackageCorruptedException(id, place, error.Message.TrimEnd('.'));
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }
}
