using Millrace.Connectors;
using Millrace.Programs;

namespace Millrace.Examples;

[TestClass]
public sealed class OrderEnrichmentTests
{
    private static readonly string[] Customers =
        ["ada", "bo", "bob", "carl", "dora the first", "emil & söhne", "f/g", "gustav", "henry", "brigitte b"];

    // The service answers nothing before as many questions as it wants are under way at a time.
    [TestMethod]
    public async Task Each_order_is_completed_by_what_the_service_says()
    {
        using var directory = new TemporaryDirectory();
        await using var service = new CustomerService();
        var random = new Random(11);
        Order[] orders =
        [
            .. Enumerable.Range(0, 500).Select(id => new Order(
                id, Customers[random.Next(Customers.Length)], random.Next(1, 100_000))),
        ];
        await File.WriteAllLinesAsync(
            directory["orders.csv"], orders.Select(order => $"{order.Id},{order.Customer},{order.Cents}"));

        await StreamJob.ExecuteAsync<OrderEnrichment>(
        [
            "--input", directory["orders.csv"],
            "--output", directory["out"],
            "--service", service.Address.ToString(),
        ]);

        string[] expected = [.. orders.Select(order =>
            $"{order.Id},{order.Customer},{CustomerService.CountryOf(order.Customer)},{order.Cents}")];
        string[] written = [.. Directory.EnumerateFiles(directory["out"], "*.csv").SelectMany(File.ReadAllLines)];
        CollectionAssert.AreEquivalent(expected, written);
        foreach (IGrouping<string, Order> customer in orders.GroupBy(order => order.Customer))
        {
            int again = customer.Key.StartsWith('b') ? 1 : 0;
            Assert.AreEqual(customer.Count() + again, service.Questions[customer.Key], customer.Key);
        }
    }

    [TestMethod]
    public async Task A_service_that_is_not_there_fails_the_job_and_is_named()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllLinesAsync(directory["orders.csv"], ["1,ada,100"]);
        Uri nobody;
        await using (var service = new CustomerService())
        {
            nobody = service.Address;
        }

        JobFailedException failed = await Assert.ThrowsExactlyAsync<JobFailedException>(
            () => StreamJob.ExecuteAsync<OrderEnrichment>(
            [
                "--input", directory["orders.csv"], "--output", directory["out"], "--service", nobody.ToString(),
            ]));

        Assert.Contains("HttpRequestException", failed.Message);
        Assert.Contains("attempt 5 of function CountryOfCustomer", failed.Message);
    }
}
