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
    IReadOnlyList<SavepointState> States);

/// <summary>One state of an operator, or a queue of its timers, over all subtasks.</summary>
/// <param name="Name">Its name; that of items, such as the splits of a source, is empty.</param>
/// <param name="Kind">What it is, such as <c>Value</c>, <c>List</c> or <c>EventTimeTimers</c>.</param>
/// <param name="Shape">What its entries are made of, as the writer had it.</param>
/// <param name="Entries">Number of keys, elements, timers or items.</param>
/// <param name="KeyGroups">Number of key groups with entries; 0 for what belongs to no key.</param>
/// <param name="Bytes">Size of the entries.</param>
public sealed record SavepointState(
    string Name, string Kind, string Shape, long Entries, int KeyGroups, long Bytes);
