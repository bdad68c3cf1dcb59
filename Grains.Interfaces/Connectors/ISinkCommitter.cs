namespace Millrace.Connectors;

/// <summary>Makes written records visible, all of them together, when the job has finished.</summary>
/// <remarks>Runs on the job's side, on a pool thread where it may wait; calls never overlap. A process may die at any
/// point: <see cref="CommitAsync"/> is then called again with the same list, on another object.</remarks>
public interface ISinkCommitter
{
    /// <summary>Before anything is deployed. Refuses, by an exception, a target that cannot take the records.</summary>
    ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Makes visible what the writers of all subtasks returned. Already done counts as success.</summary>
    ValueTask CommitAsync(IReadOnlyList<byte[]> committables, CancellationToken cancellationToken);

    /// <summary>The job failed or was canceled: removes what its writers left behind. Must not touch anything of other
    /// jobs.</summary>
    ValueTask AbortAsync(CancellationToken cancellationToken);
}

/// <summary>What a committer may know.</summary>
/// <param name="JobId">32 lower-case hexadecimal digits.</param>
/// <param name="Parallelism">Number of writing subtasks.</param>
/// <param name="Time">The clock to read instead of the wall clock.</param>
public sealed record SinkCommitterContext(string JobId, int Parallelism, TimeProvider Time)
{
    /// <summary>Where the job was submitted: relative paths count from here. Default: the process's own
    /// directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;
}
