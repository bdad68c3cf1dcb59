using Millrace.Failures;

namespace Millrace.Jobs.Master;

/// <summary>One silo after the other was lost while the results of a job were being made visible on it.</summary>
/// <param name="silos">How many.</param>
/// <param name="sinks">The sinks that commit.</param>
[GenerateSerializer, Alias("millrace.CommitEndsSilosException")]
internal sealed class CommitEndsSilosException(int silos, string sinks)
    : StreamingException(
        $"{silos} silos in a row were lost while results of the job were made visible on them, by the committers of " +
        $"{sinks}. The job fails without trying again, lest it take the next one " +
        "(Millrace:Jobs:MaxSilosLostInCommit). Some of its results may be visible, and what its writers left behind " +
        "is not removed. The logs of those silos say what ended them: Environment.Exit, a stack overflow, memory.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
