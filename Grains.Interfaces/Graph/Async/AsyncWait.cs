using Millrace.Failures;

namespace Millrace.Graph.Async;

/// <summary>How an operator waits for the results of its asynchronous function.</summary>
/// <param name="IsOrdered">Whether results come in the order of the records.</param>
/// <param name="Timeout">How long a record may be under way; <see
/// cref="System.Threading.Timeout.InfiniteTimeSpan"/> for any time.</param>
/// <param name="Capacity">Most records that are under way or wait to be emitted, for each subtask.</param>
internal sealed record AsyncWait(bool IsOrdered, TimeSpan Timeout, int Capacity)
{
    /// <summary>Most records under way that a program may ask for.</summary>
    public const int MostCapacity = 1_000_000;

    /// <summary>What kind of step it is.</summary>
    public string Kind => IsOrdered ? "OrderedWait" : "UnorderedWait";

    /// <summary>Refuses what cannot work.</summary>
    /// <exception cref="InvalidProgramGraphException">It cannot work.</exception>
    public AsyncWait Require()
    {
        if (Timeout != System.Threading.Timeout.InfiniteTimeSpan
            && (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(10_000)))
        {
            throw new InvalidProgramGraphException(
                $"{Kind} with a timeout of {Timeout}: more than zero and at most 10,000 days is needed, or " +
                "Timeout.InfiniteTimeSpan.");
        }

        if (Capacity is < 1 or > MostCapacity)
        {
            throw new InvalidProgramGraphException(
                $"{Kind} with a capacity of {Capacity}: from 1 to {MostCapacity} records under way are possible.");
        }

        return this;
    }
}
