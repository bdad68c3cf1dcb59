using Millrace.Serialization;

namespace Millrace.State.OperatorStates;

/// <summary>What an operator state holds, with the shapes it was written with.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, whatever the kind unique within the operator.</param>
/// <param name="Key">Shape of a map's keys; null for lists.</param>
/// <param name="Value">Shape of the elements, or of a map's values.</param>
internal sealed record OperatorStateHeader(OperatorStateKind Kind, string Name, TypeShape? Key, TypeShape Value);

/// <summary>An operator state as a snapshot holds it.</summary>
/// <param name="Header">What it holds.</param>
/// <param name="Subtask">Index of the snapshot it stands in.</param>
/// <param name="Elements">Number of elements or entries.</param>
/// <param name="Bytes">They, one after the other.</param>
internal sealed record StoredOperatorState(
    OperatorStateHeader Header, int Subtask, int Elements, ReadOnlyMemory<byte> Bytes);
