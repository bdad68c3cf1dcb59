using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Millrace.Checkpointing.Storage;

/// <summary>Where checkpoints are kept. Section <c>Millrace:Checkpoints</c>.</summary>
public sealed class CheckpointOptions
{
    /// <summary>The directory of all jobs' checkpoints; all silos of a cluster see the same one.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Directory { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class CheckpointOptionsValidator : IValidateOptions<CheckpointOptions>;
