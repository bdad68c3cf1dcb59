using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>A package has no class that defines a job.</summary>
/// <param name="assemblyName">The package's main assembly.</param>
[GenerateSerializer, Alias("millrace.NoJobClassException")]
public sealed class NoJobClassException(string assemblyName)
    : StreamingException(
        $"Assembly '{assemblyName}' has no job: no public or internal, non-abstract class in it implements "
        + "Millrace.Programs.IStreamJob.")
{
    /// <summary>The package's main assembly.</summary>
    [Id(0)]
    public string AssemblyName { get; } = assemblyName;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
