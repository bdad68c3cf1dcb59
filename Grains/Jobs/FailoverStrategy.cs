namespace Millrace.Jobs;

/// <summary>What runs again when a subtask fails.</summary>
public enum FailoverStrategy
{
    /// <summary>Its region: the subtasks that it passes records to or gets them from while they run, and theirs in
    /// turn. All else goes on.</summary>
    Region,

    /// <summary>All of the job.</summary>
    Full,
}
