namespace Millrace.Operators.Timers;

/// <summary>What timers fire at: an operator. Called on its loop.</summary>
internal interface ITimerTarget<TKey, TNamespace>
{
    /// <summary>Whether another unit of work may begin.</summary>
    bool CanTake { get; }

    /// <summary>A timer is due. One call is one unit of work.</summary>
    void OnEventTime(in TimerKey<TKey, TNamespace> timer);

    /// <summary>A timer is due. One call is one unit of work.</summary>
    void OnProcessingTime(in TimerKey<TKey, TNamespace> timer);
}
