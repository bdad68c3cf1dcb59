namespace Millrace.Savepoints;

/// <summary>An operator of the program that wrote a savepoint.</summary>
/// <param name="Id">Under which its state is filed: 32 hexadecimal digits.</param>
/// <param name="Uid">The stable name the program gave it, or null.</param>
/// <param name="Name">Its name in the plan.</param>
/// <param name="Kind">What kind of step it is.</param>
/// <param name="Parallelism">Number of its subtasks.</param>
/// <param name="MaxParallelism">Number of key groups.</param>
/// <param name="Bytes">What it keeps, over all subtasks.</param>
/// <param name="States">What that is.</param>
public sealed record SavepointOperator(
    string Id,
    string? Uid,
    string Name,
    string Kind,
    int Parallelism,
    int MaxParallelism,
    long Bytes,
    IReadOnlyList<StateInSavepoint> States);
