using Millrace.Connectors;
using Millrace.Connectors.Files;
using Millrace.DataStream;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>Where the result of a query goes.</summary>
/// <param name="target"><c>hash</c>, <c>blackhole</c>, or a directory for CSV files.</param>
/// <param name="overwrite">Whether files in the directory are replaced.</param>
public sealed class QueryOutput(string target, bool overwrite)
{
    /// <summary>Only the number of rows and the sum of their hashes.</summary>
    public const string Hash = "hash";

    /// <summary>Only the number of rows.</summary>
    public const string Blackhole = "blackhole";

    /// <summary>Writes the rows of a result.</summary>
    public void Write<TRow>(DataStream<TRow> rows)
        where TRow : IResultRow
    {
        ArgumentNullException.ThrowIfNull(rows);
        rows.SinkTo(SinkFor<TRow>()).WithUid("output");
    }

    private Sink<TRow> SinkFor<TRow>()
        where TRow : IResultRow => target switch
        {
            Hash => new HashSink<TRow>(),
            Blackhole => new CountSink<TRow>(),
            _ => FileSink.Csv(target, csv => csv.Overwrite = overwrite).For<TRow>(),
        };
}
