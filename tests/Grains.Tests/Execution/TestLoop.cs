namespace Millrace.Execution;

/// <summary>A loop whose rounds are a function of the test.</summary>
internal sealed class TestLoop(Func<long, LoopStatus> round, string name = "loop") : ILoop
{
    private long _rounds;

    public string Name => name;

    public string? Operator { get; init; }

    /// <summary>Rounds begun.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    public LoopStatus RunRound() => round(Interlocked.Increment(ref _rounds));
}
