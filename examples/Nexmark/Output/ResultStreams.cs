using Millrace.DataStream;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>How a query ends.</summary>
internal static class ResultStreams
{
    /// <summary>Writes the rows of a result.</summary>
    public static void WriteTo<TRow>(this DataStream<TRow> rows, QueryOutput output)
        where TRow : IResultRow => output.Write(rows);

    /// <summary>Writes the rows of a result, in files each into a folder of its own choice.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="folderOf">The folder of a row.</param>
    public static void WriteToFolders<TRow>(this DataStream<TRow> rows, QueryOutput output, Func<TRow, string> folderOf)
        where TRow : IResultRow => output.Write(rows, folderOf);

    /// <summary>Writes a result that is updated as events come in: in the end, its final rows.</summary>
    /// <param name="changes">The changes to its rows.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="keySelector">What a row is known by.</param>
    public static void WriteTo<TRow, TKey>(
        this DataStream<Change<TRow>> changes, QueryOutput output, Func<TRow, TKey> keySelector)
        where TRow : IResultRow => output.Write(changes, keySelector);
}
