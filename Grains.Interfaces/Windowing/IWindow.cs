namespace Millrace.Windowing;

/// <summary>What the records of a key are put together by.</summary>
/// <remarks>A struct that is what its members are: two windows with equal members are one.</remarks>
public interface IWindow
{
    /// <summary>The last point of time that belongs to it, in milliseconds since 1970-01-01 UTC; <see
    /// cref="long.MaxValue"/> for one that never ends.</summary>
    long MaxTimestamp { get; }
}
