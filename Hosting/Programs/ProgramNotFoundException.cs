using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>What was named as a program is none: nothing there, or nothing that can be run.</summary>
/// <param name="message">Names the path, what was looked for and what was found.</param>
[GenerateSerializer, Alias("millrace.ProgramNotFoundException")]
public sealed class ProgramNotFoundException(string message)
    : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
