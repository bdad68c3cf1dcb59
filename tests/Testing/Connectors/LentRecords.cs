namespace Millrace.Connectors;

/// <summary>Records that a reader lent, and what they were then. By default none.</summary>
/// <param name="lent">Where they lie.</param>
internal readonly struct LentRecords<T>(ArraySegment<T> lent)
{
    private readonly T[]? _then = lent.Count > 0 ? [.. lent] : null;

    /// <summary>The reader is about to be asked for more, or to be disposed.</summary>
    /// <exception cref="InvalidOperationException">A record is not what it was.</exception>
    public void GiveBack()
    {
        for (int i = 0; i < lent.Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(lent[i], _then![i]))
            {
                throw new InvalidOperationException(
                    $"Record '{_then[i]}' was lent, and is '{lent[i]}' before the reader is asked for more.");
            }
        }
    }
}
