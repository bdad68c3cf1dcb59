using Millrace.Clustering.Files;
using Orleans.Messaging;

namespace Millrace.Clustering;

[TestClass]
public sealed class FileMembershipTests : MembershipContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override async Task<IMembershipTable> OpenAsync()
    {
        IMembershipTable table = MembershipChild.Open(_directory.Path);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        return table;
    }

    protected override Task<IMembershipTable> ReopenAsync() => OpenAsync();

    protected override async Task<IGatewayListProvider> GatewaysAsync()
    {
        IGatewayListProvider gateways = new FileGatewayListProvider(MembershipChild.Locate(_directory.Path));
        await gateways.InitializeGatewayListProviderAsync();
        return gateways;
    }
}
