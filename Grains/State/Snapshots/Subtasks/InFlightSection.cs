namespace Millrace.State.Snapshots.Subtasks;

/// <summary>What was on its way to one input of an operator when a subtask was cut, as bytes.</summary>
/// <param name="Operator">The operator it was on its way to: 32 hexadecimal digits.</param>
/// <param name="Input">Zero-based input of that operator.</param>
/// <param name="Shape">The shape the records were written with (docs/formats/records.md).</param>
/// <param name="Parts">One for each way, in the order in which they are to be read.</param>
internal sealed record InFlightSection(
    string Operator, int Input, byte[] Shape, IReadOnlyList<InFlightPart> Parts);

/// <summary>What was in flight on one way.</summary>
/// <param name="Edge">Which edge it was on, by the operator that writes and the tag of its side output; empty for what
/// had been taken in front of the operator already.</param>
/// <param name="Subtask">The subtask at the other end of the way.</param>
/// <param name="Subtasks">How many there were.</param>
/// <param name="Blocks">Blocks of the exchange (docs/formats/exchange.md), the oldest first.</param>
internal sealed record InFlightPart(string Edge, int Subtask, int Subtasks, IReadOnlyList<byte[]> Blocks);
