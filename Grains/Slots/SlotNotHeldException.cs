using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>Subtasks were to be put into a slot that their job does not hold.</summary>
[GenerateSerializer, Alias("millrace.SlotNotHeldException")]
internal sealed class SlotNotHeldException(JobId job, JobEpoch epoch, int slot, string silo, string found)
    : StreamingException($"Slot {slot} of silo {silo} is not held by {epoch} of job {job}: {found}.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
