using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>A program's <c>Define</c> did not come back within the time it has on a silo.</summary>
/// <param name="className">The job class.</param>
/// <param name="timeout">How long it was waited for.</param>
[GenerateSerializer, Alias("millrace.ProgramNotDefinedException")]
public sealed class ProgramNotDefinedException(string className, TimeSpan timeout)
    : StreamingException(
        $"Define of job class '{className}' has not come back within {timeout} (Millrace:UserCode:DefineTimeout); it "
        + "is left alone, and its thread with it. Define may only put the job together: it must not wait for anything, "
        + "and what the job needs from outside belongs into Open of a function.")
{
    /// <summary>The job class.</summary>
    [Id(0)]
    public string ClassName { get; } = className;

    /// <summary>It would be stuck again, and cost one more thread each time.</summary>
    public override Recovery Recovery => Recovery.Fail;
}
