namespace Millrace.Tasks.Checkpointing;

/// <summary>Which subtask takes over what was in flight to which former one.</summary>
/// <param name="Former">The former one.</param>
/// <param name="Own">The one that is built.</param>
/// <param name="IsOtherProgram">Whether the program may be another one than that which wrote it.</param>
internal readonly record struct InFlightHeir(SubtaskPlace Former, SubtaskPlace Own, bool IsOtherProgram)
{
    /// <summary>Whether each subtask goes on with its own.</summary>
    public bool IsSame => Former == Own;
}

/// <summary>Which subtask of how many.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">Number of subtasks.</param>
internal readonly record struct SubtaskPlace(int Index, int Count);
