namespace Millrace.Examples.Nexmark.Output;

/// <summary>A row of a query's result.</summary>
public interface IResultRow
{
    /// <summary>Appends the fields of the row, in the order of the query's layout.</summary>
    void WriteTo(RowText text);
}
