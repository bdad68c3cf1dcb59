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

    /// <summary>Only the number of rows, or of changes.</summary>
    public const string Blackhole = "blackhole";

    private const string Uid = "output";

    /// <summary>Writes the rows of a result.</summary>
    public void Write<TRow>(DataStream<TRow> rows)
        where TRow : IResultRow
    {
        ArgumentNullException.ThrowIfNull(rows);
        rows.SinkTo(target switch
        {
            Hash => new HashSink<TRow>(),
            Blackhole => new CountSink<TRow>(),
            _ => Files<TRow>(),
        }).WithUid(Uid);
    }

    /// <summary>Writes a result that is updated as events come in: in the end, its final rows.</summary>
    /// <param name="changes">The changes to its rows.</param>
    /// <param name="keySelector">What a row is known by.</param>
    public void Write<TRow, TKey>(DataStream<Change<TRow>> changes, Func<TRow, TKey> keySelector)
        where TRow : IResultRow
    {
        ArgumentNullException.ThrowIfNull(changes);
        DataStreamSink<Change<TRow>>? sink = target switch
        {
            Hash => changes.SinkTo(new ChangeHashSink<TRow>()),
            Blackhole => changes.SinkTo(new CountSink<Change<TRow>>()),
            _ => null,
        };
        if (sink is null)
        {
            changes.FinalRows(keySelector).WithUid("final-rows").SinkTo(Files<TRow>()).WithUid(Uid);
            return;
        }

        sink.WithUid(Uid);
    }

    private Sink<TRow> Files<TRow>() => FileSink.Csv(target, csv => csv.Overwrite = overwrite).For<TRow>();
}
