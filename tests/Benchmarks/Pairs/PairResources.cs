namespace Millrace.Pairs;

/// <summary>Two processes and what was opened in them, ended together.</summary>
internal sealed class PairResources : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();

    /// <summary>The two processes.</summary>
    public Pair Pair { get; } = new();

    /// <summary>Ends something with the pair, the last one first.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_owned.TryPop(out IDisposable? resource))
        {
            resource.Dispose();
        }

        Pair.Dispose();
    }
}
