namespace Millrace.State.TimeToLive;

/// <summary>What a state with a time to live stands on, as far as it can be gone through a little at a time: what
/// nobody asks for any more is found so.</summary>
/// <typeparam name="T">The type of the values, with their last use.</typeparam>
internal interface ISweptEntries<T>
{
    /// <summary>Looks at the next values, of whatever keys, and removes those that are over. Not while somebody holds
    /// something of the state by reference.</summary>
    /// <param name="looks">Number of values, about.</param>
    /// <param name="isOver">Whether a value is over; the same function in all calls.</param>
    void Sweep(int looks, Func<T, bool> isOver);
}
