using Millrace.Failures;

namespace Millrace.Jobs.Master;

/// <summary>One silo after the other was lost while a job's own code prepared on it.</summary>
/// <param name="silos">How many.</param>
[GenerateSerializer, Alias("millrace.JobEndsSilosException")]
internal sealed class JobEndsSilosException(int silos)
    : StreamingException(
        $"{silos} silos in a row were lost while the job's own code (its program, enumerators, committers) prepared " +
        "on them. The job ends without running it again, lest it take the next one " +
        "(Millrace:Jobs:MaxSilosLostInPreparation). " +
        "The logs of those silos say what ended them: Environment.Exit, a stack overflow, memory.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
