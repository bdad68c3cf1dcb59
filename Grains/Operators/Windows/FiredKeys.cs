namespace Millrace.Operators.Windows;

/// <summary>Keys for which windows have fired at a cut. Read once, by one thread; disposed also when they are
/// not.</summary>
/// <param name="keys">The keys; one may come several times.</param>
/// <param name="until">The last point of time of the last of those windows.</param>
/// <param name="frozen">What the keys are read from.</param>
internal sealed class FiredKeys<TKey>(IEnumerable<TKey> keys, long until, IReadOnlyList<IDisposable> frozen)
    : IDisposable
{
    public IEnumerable<TKey> Keys => keys;

    public long Until => until;

    public void Dispose()
    {
        foreach (IDisposable one in frozen)
        {
            one.Dispose();
        }
    }
}
