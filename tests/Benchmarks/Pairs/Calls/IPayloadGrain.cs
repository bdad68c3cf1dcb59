namespace Millrace.Pairs.Calls;

/// <summary>Takes bytes and does nothing with them.</summary>
[Alias("millrace.benchmarks.IPayloadGrain")]
internal interface IPayloadGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a payload.</summary>
    /// <returns>Its length.</returns>
    [Alias("Take")]
    Task<int> TakeAsync([Immutable] byte[] payload);
}
