using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace;

/// <summary>What a silo that runs can say of itself.</summary>
/// <param name="Address">Its Orleans address with generation.</param>
/// <param name="Gateway">Where clients connect, or null.</param>
/// <param name="Exchange">Where its data exchange listens.</param>
/// <param name="Slots">Its task slots.</param>
internal sealed record SiloDescription(string Address, string? Gateway, string Exchange, int Slots)
{
    /// <param name="services">The silo's.</param>
    public static SiloDescription Of(IServiceProvider services)
    {
        ILocalSiloDetails silo = services.GetRequiredService<ILocalSiloDetails>();
        return new SiloDescription(
            silo.SiloAddress.ToParsableString(),
            silo.GatewayAddress?.Endpoint.ToString(),
            services.GetRequiredService<ITaskHost>().Exchange,
            services.GetRequiredService<IOptions<SlotOptions>>().Value.Count);
    }
}
