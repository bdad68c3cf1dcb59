using Millrace.Network.Exchange.Calls;
using Millrace.Slots;
using Orleans.Concurrency;

namespace Millrace.Tasks;

/// <summary>The doorbell of this silo's exchange.</summary>
[SiloPinnedPlacement, Reentrant]
internal sealed class ExchangeGrain(GrainCallTransport transport, SiloIdentity silo) : Grain, IExchangeGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == silo.Address
            ? Task.CompletedTask
            : throw new TaskManagerLostException(this.GetPrimaryKeyString());

    Task<ExchangeAnswer> IExchangeGrain.OpenAsync(
        ExchangeConnectionId connection, string silo, int version, CancellationToken cancellationToken) =>
        Task.FromResult(transport.Accept(connection, SiloPinnedKey.SiloOf(silo).ToParsableString(), version));

    Task<bool> IExchangeGrain.WriteAsync(
        ExchangeConnectionId connection, long number, ReadOnlyMemory<byte> payload) =>
        transport.ReceiveAsync(connection, number, payload);

    Task IExchangeGrain.CloseAsync(ExchangeConnectionId connection, long? payloads)
    {
        transport.CloseByOther(connection, payloads);
        return Task.CompletedTask;
    }
}
