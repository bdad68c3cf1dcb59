using Orleans.Messaging;

namespace Millrace.Clustering;

[TestClass]
public sealed class InProcessMembershipTests : MembershipContract
{
    private readonly InProcessMembership _membership = new();

    protected override async Task<IMembershipTable> OpenAsync()
    {
        IMembershipTable table = _membership;
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        return table;
    }

    protected override Task<IMembershipTable> ReopenAsync() => OpenAsync();

    protected override async Task<IGatewayListProvider> GatewaysAsync()
    {
        IGatewayListProvider gateways = _membership;
        await gateways.InitializeGatewayListProviderAsync();
        return gateways;
    }
}
