using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Millrace.Checkpointing.Storage;

/// <summary>Where checkpoints are kept. Section <c>Millrace:Checkpoints</c>.</summary>
public sealed class CheckpointOptions
{
    /// <summary>The configuration key of <see cref="Directory"/>.</summary>
    internal const string DirectoryKey = "Millrace:Checkpoints:Directory";

    /// <summary>The place of all jobs' checkpoints; all silos of a cluster see the same one: a path,
    /// <c>file:///path</c>, <c>azblob://container/path</c> or
    /// <c>https://account.blob.core.windows.net/container/path</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Directory { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class CheckpointOptionsValidator : IValidateOptions<CheckpointOptions>;
