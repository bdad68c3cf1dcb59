using Microsoft.Extensions.Options;
using Millrace.Storage.Blobs;

namespace Millrace.Storage;

/// <summary>Refuses settings whose place for files cannot be one.</summary>
/// <remarks>One that is null may be missing.</remarks>
/// <param name="key">The setting.</param>
/// <param name="location">Reads it.</param>
/// <param name="azure">How blobs are reached.</param>
internal sealed class LocationCheck<TOptions>(
    string key, Func<TOptions, string?> location, IOptions<AzureStorageOptions> azure) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> failures = [];
        if (location(options) is { } place)
        {
            StorageLocation.Check(key, place, azure.Value, failures);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
