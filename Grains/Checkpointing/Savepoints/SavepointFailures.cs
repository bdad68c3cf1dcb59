using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Checkpointing.Savepoints;

/// <summary>Says why there is no savepoint.</summary>
internal static class SavepointFailures
{
    /// <summary>The answer to whoever asked.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="job">The job.</param>
    /// <param name="reason">Why, as a whole sentence.</param>
    public static FailureInfo Of(string name, JobId job, string reason) =>
        FailureInfo.Of(new SavepointFailedException($"Job '{name}' ({job}) has no savepoint: {reason}"));

    /// <summary>Whether it says so already.</summary>
    public static bool Is(FailureInfo failure) => failure.TypeName == typeof(SavepointFailedException).FullName;
}
