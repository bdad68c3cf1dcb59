namespace Millrace.Jobs;

/// <summary>What may go wrong in a run.</summary>
internal sealed record Troubles
{
    public int Count { get; init; }

    public bool HasCommitters { get; init; } = true;

    public bool Cancel { get; init; }

    public bool LoseSilos { get; init; }

    public bool LoseMaster { get; init; }

    public bool FailTasks { get; init; }

    public bool FailPreparation { get; init; }

    public bool RefuseSlots { get; init; }

    public bool FailDeployment { get; init; }

    public bool FailCommit { get; init; }
}
