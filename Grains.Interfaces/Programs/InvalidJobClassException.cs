using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>The class named as the job is none: it does not exist, is no job, or cannot be created.</summary>
/// <param name="className">The class that was asked for.</param>
/// <param name="message">Names the thing, the value seen and the value needed.</param>
[GenerateSerializer, Alias("millrace.InvalidJobClassException")]
public sealed class InvalidJobClassException(string className, string message)
    : StreamingException(message)
{
    /// <summary>The class that was asked for.</summary>
    [Id(0)]
    public string ClassName { get; } = className;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
