namespace Millrace.Connectors;

/// <summary>Makes written records visible: those of a checkpoint together once it is complete, and the rest when the
/// job has finished.</summary>
/// <remarks>
/// Runs on the job's side, on a pool thread where it may wait, though not longer than
/// <c>Millrace:Jobs:CommitTimeout</c>: then its token is canceled, and if it does not end, the job fails. Calls never
/// overlap. A process may die at any point: <see cref="CommitAsync"/> is then called again with the same committables,
/// on another object.
/// </remarks>
public interface ISinkCommitter
{
    /// <summary>Before anything is deployed. Refuses, by an exception, a target that cannot take the records.</summary>
    ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Makes visible what the writers of all subtasks returned. A request that is left as it is counts as done
    /// when this ends; so does one that was done before. Requests that are to be tried again come again, alone, after a
    /// pause. An exception stands for all requests; its kind says whether they are tried again.</summary>
    ValueTask CommitAsync(IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken);

    /// <summary>The job has finished, and the last commit is done: removes what was needed until now. What it cannot
    /// remove does not fail the job. By default nothing happens.</summary>
    ValueTask EndAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The job goes on from a checkpoint whose committables have been committed, or it has ended, and a
    /// checkpoint stays that another one may go on from: removes what its writers left behind since, and takes back
    /// what a commit that was given up half-way has made visible, all but what is to be kept. By default nothing
    /// happens.</summary>
    /// <param name="kept">Committables that will be committed later: of writers that had finished by then, when the
    /// job has; and of a checkpoint that stays, what was not committed with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask RecoverAsync(IReadOnlyList<byte[]> kept, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    /// <summary>The job failed or was canceled: removes what its writers left behind, and takes back what a commit that
    /// was given up half-way has made visible. Must not touch anything of other jobs.</summary>
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
