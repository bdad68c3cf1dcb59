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
    private const string SuccessFile = "_SUCCESS";

    /// <summary>Writes the rows of a result.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="folderOf">For files, the folder that a row is to be in; a folder gets an empty file
    /// <c>_SUCCESS</c> when it is complete. Null: all are in the directory itself.</param>
    public void Write<TRow>(DataStream<TRow> rows, Func<TRow, string>? folderOf = null)
        where TRow : IResultRow
    {
        ArgumentNullException.ThrowIfNull(rows);
        rows.SinkTo(target switch
        {
            Hash => new HashSink<TRow>(),
            Blackhole => new CountSink<TRow>(),
            _ => Files(folderOf),
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

    private Sink<TRow> Files<TRow>(Func<TRow, string>? folderOf = null) => FileSink.Csv(
        target,
        csv =>
        {
            csv.Overwrite = overwrite;
            csv.SuccessFile = folderOf is null ? null : SuccessFile;
        },
        folderOf);
}
