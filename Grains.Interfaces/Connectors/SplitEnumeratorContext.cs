namespace Millrace.Connectors;

/// <summary>What an enumerator may know.</summary>
/// <param name="JobId">32 lower-case hexadecimal digits.</param>
/// <param name="Parallelism">Number of reading subtasks.</param>
/// <param name="Time">The clock to read instead of the wall clock.</param>
public sealed record SplitEnumeratorContext(string JobId, int Parallelism, TimeProvider Time)
{
    /// <summary>Where the job was submitted: relative paths count from here. Default: the process's own
    /// directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;
}
