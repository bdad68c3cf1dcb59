using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Functions.Async;
using Millrace.Programs;

namespace Millrace.Examples;

/// <summary>
/// Orders know their customer, and a service knows where customers live. Each order is completed by asking the service,
/// a hundred at a time; a service that is busy is asked again. <c>--input</c> (files of lines
/// <c>id,customer,cents</c>), <c>--service</c> (an address that answers <c>GET customers/NAME/country</c>),
/// <c>--output</c> (a directory for CSV files), <c>--overwrite</c> (replace what is in it).
/// </summary>
public sealed class OrderEnrichment : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.FromSource(FileSource.ReadLines(args["input"]))
            .Map(Order.Parse)
            .UnorderedWait(
                new CountryOfCustomer(new Uri(args["service"])),
                timeout: TimeSpan.FromSeconds(30),
                capacity: 100,
                AsyncRetryStrategy.ExponentialBackoff<PlacedOrder>(
                        maxAttempts: 5, TimeSpan.FromMilliseconds(20), maxDelay: TimeSpan.FromSeconds(2))
                    .RetryOnException(exception => exception is HttpRequestException))
            .SinkTo(FileSink.Csv(
                args.Get("output", "out/orders"),
                csv => csv.Overwrite = args.GetBoolean("overwrite")));
}
