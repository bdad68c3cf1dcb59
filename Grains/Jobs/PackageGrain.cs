using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.UserCode;

namespace Millrace.Jobs;

/// <summary>Takes the upload of one package. One call at a time, as Orleans does for grains that are not
/// reentrant.</summary>
internal sealed class PackageGrain(IPackageStore store, IOptions<UserCodeOptions> options, IExecution execution)
    : Grain, IPackageGrain
{
    private PackageUpload? _upload;
    private string? _name;

    private PackageId Package => PackageId.Parse(this.GetPrimaryKeyString());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await EndAsync();

    Task<bool> IPackageGrain.IsStoredAsync(CancellationToken cancellationToken) =>
        store.ExistsAsync(Package, cancellationToken);

    async Task<string> IPackageGrain.BeginAsync(CancellationToken cancellationToken)
    {
        await EndAsync();
        _upload = PackageUpload.Begin(Package, store, options.Value.Uploads, options.Value, execution);
        _name = Id128.Of(execution.NewId()).ToString();
        return _name;
    }

    Task IPackageGrain.AppendAsync(string upload, long offset, byte[] chunk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        PackageUpload open = Open(upload);
        if (chunk.Length > IPackageGrain.MaxChunkBytes)
        {
            throw new InvalidPackageException(
                $"A chunk of package {Package} has {chunk.Length} bytes; " +
                $"at most {IPackageGrain.MaxChunkBytes} are allowed.");
        }

        if (offset < 0 || offset > open.Length)
        {
            throw new InvalidPackageException(
                $"A chunk of package {Package} begins at {offset}; the next one expected begins at {open.Length}.");
        }

        return open.AppendAsync(offset, chunk, cancellationToken);
    }

    async Task IPackageGrain.CompleteAsync(string upload, CancellationToken cancellationToken)
    {
        PackageUpload open = Open(upload);
        try
        {
            // Unpacking and hashing take their time: not on the grain's scheduler.
            await execution.RunAsync(() => open.CompleteAsync(cancellationToken));
        }
        finally
        {
            await EndAsync();
        }
    }

    private PackageUpload Open(string upload) => _upload is { } open && upload == _name
        ? open
        : throw new InvalidPackageException(
            $"Upload '{upload}' of package {Package} is not known here, or another one has begun: begin again.");

    private async Task EndAsync()
    {
        if (_upload is { } upload)
        {
            _upload = null;
            _name = null;
            await upload.DisposeAsync();
        }
    }
}
