namespace Millrace.Savepoints;

/// <summary>One state of an operator, or a queue of its timers, over all subtasks.</summary>
/// <param name="Name">Its name; that of items, such as the splits of a source, is empty.</param>
/// <param name="Kind">What it is, such as <c>Value</c>, <c>List</c> or <c>EventTimeTimers</c>.</param>
/// <param name="Shape">What its entries are made of, as the writer had it.</param>
/// <param name="Entries">Number of keys, elements, timers or items.</param>
/// <param name="KeyGroups">Number of key groups with entries; 0 for what belongs to no key.</param>
/// <param name="Bytes">Size of the entries.</param>
public sealed record StateInSavepoint(
    string Name, string Kind, string Shape, long Entries, int KeyGroups, long Bytes);
