using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>An argument of a job is missing or does not read as what the job needs.</summary>
[GenerateSerializer, Alias("millrace.JobArgumentException")]
public class JobArgumentException : StreamingException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">Name of the argument, without dashes.</param>
    /// <param name="message">Names the argument, the value seen and the value needed.</param>
    public JobArgumentException(string name, string message)
        : base(message) => Name = name;

    /// <summary>Name of the argument, without dashes.</summary>
    [Id(0)]
    public string Name { get; }

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
