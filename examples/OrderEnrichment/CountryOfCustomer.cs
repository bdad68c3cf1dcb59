using System.Net;
using Millrace.Functions;
using Millrace.Functions.Async;

namespace Millrace.Examples;

/// <summary>Asks the customer service for the country of each order's customer.</summary>
/// <remarks>Many questions are under way at a time, and none of them keeps a thread waiting. One client serves them
/// all.</remarks>
public sealed class CountryOfCustomer(Uri service) : AsyncFunction<Order, PlacedOrder>
{
    private HttpClient? _client;

    public override void Open(RuntimeContext context) => _client = new HttpClient { BaseAddress = service };

    public override void Close() => _client?.Dispose();

    public override async ValueTask InvokeAsync(
        Order value, ICollector<PlacedOrder> output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        HttpClient client = _client ?? throw new InvalidOperationException("The function was not opened.");
        var path = new Uri($"customers/{Uri.EscapeDataString(value.Customer)}/country", UriKind.Relative);
        using HttpResponseMessage answer = await client.GetAsync(path, cancellationToken);
        string country = answer.StatusCode == HttpStatusCode.NotFound
            ? "unknown"
            : await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
        output.Emit(new PlacedOrder(value.Id, value.Customer, country, value.Cents));
    }
}
