namespace Millrace.State.Snapshots.Subtasks;

/// <summary>What one subtask keeps, at a cut.</summary>
/// <param name="Operators">Id of each of its operators, and what that keeps.</param>
/// <param name="Incoming">What was in flight to them, as <see cref="InFlightFormat"/> writes it; null for
/// nothing.</param>
/// <param name="Outgoing">What was in flight from them and had not been sent; null for nothing.</param>
internal sealed record FrozenSubtask(
    IReadOnlyList<(string Id, FrozenOperator Kept)> Operators,
    FrozenState? Incoming = null,
    FrozenState? Outgoing = null) : IDisposable
{
    /// <summary>Whether some of it cannot be read without the checkpoint it builds upon.</summary>
    public bool IsChange => Operators.Any(static one => one.Kept.Keyed?.IsChange == true);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, FrozenOperator kept) in Operators)
        {
            kept.Dispose();
        }

        Incoming?.Dispose();
        Outgoing?.Dispose();
    }
}
