namespace Millrace.Functions;

/// <summary>When the functions of all subtasks were opened and closed. In one thread.</summary>
internal sealed class LifeLog
{
    private readonly Dictionary<object, Life> _lives = new(ReferenceEqualityComparer.Instance);

    /// <summary>The kinds of functions that were opened.</summary>
    public IEnumerable<string> Kinds =>
        _lives.Values.Where(life => life.Opened > 0).Select(life => life.Kind).Distinct();

    /// <summary>Number of functions that were opened.</summary>
    public int Count => _lives.Values.Count(life => life.Opened > 0);

    /// <summary>What is wrong: each function that was not opened once and then closed once.</summary>
    public IReadOnlyList<string> Wrong =>
    [
        .. _lives.Values.Where(life => life.Opened > 1 || life.Closed != 1)
            .Select(life => $"{life.Kind}: opened {life.Opened} times, closed {life.Closed} times"),
    ];

    /// <summary>A function is opened: its context must say where it is.</summary>
    public void Opened(object function, RuntimeContext context)
    {
        if (context.OperatorName != KindOf(function) || context.SubtaskIndex >= context.Parallelism
            || context.MaxParallelism != 128 || context.JobId.Length != 32 || context.Arguments is null)
        {
            throw new InvalidOperationException(
                $"{KindOf(function)} is told that it is '{context.OperatorName}' {context.SubtaskIndex} of " +
                $"{context.Parallelism} of {context.MaxParallelism}.");
        }

        context.Counter("opened").Add(1);
        LifeOf(function).Opened++;
    }

    /// <summary>Something without a context, such as a reader, is made.</summary>
    public void Made(object function) => LifeOf(function).Opened++;

    /// <summary>A function is closed.</summary>
    public void Closed(object function) => LifeOf(function).Closed++;

    private Life LifeOf(object function)
    {
        if (!_lives.TryGetValue(function, out Life? life))
        {
            life = new Life(KindOf(function));
            _lives.Add(function, life);
        }

        return life;
    }

    private static string KindOf(object function) => function.GetType().Name;

    private sealed class Life(string kind)
    {
        public string Kind { get; } = kind;

        public int Opened { get; set; }

        public int Closed { get; set; }
    }
}
