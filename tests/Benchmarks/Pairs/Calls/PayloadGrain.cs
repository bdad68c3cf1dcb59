using Orleans.Concurrency;
using Orleans.Placement;

namespace Millrace.Pairs.Calls;

/// <summary>Lives in the process that calls it first.</summary>
[PreferLocalPlacement, Reentrant]
internal sealed class PayloadGrain : Grain, IPayloadGrain
{
    Task<int> IPayloadGrain.TakeAsync(byte[] payload) => Task.FromResult(payload.Length);
}
