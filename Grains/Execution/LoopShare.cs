namespace Millrace.Execution;

/// <summary>Whose share of the processors a loop uses: workers divide processor time first by group, then by
/// loop.</summary>
/// <param name="Group">The job.</param>
public readonly record struct LoopShare(string Group);
