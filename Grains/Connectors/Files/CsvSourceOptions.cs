namespace Millrace.Connectors.Files;

/// <summary>How CSV files are read.</summary>
public sealed class CsvSourceOptions : FileSourceOptions
{
    /// <summary>Whether the first row of each file names the columns, which are then found by their names whatever
    /// their order; those that are not asked for are passed over. Default false: the columns are those of the records
    /// in their order.</summary>
    public bool Header { get; set; }

    /// <summary>Stands between two fields; an ASCII character, neither a quote nor the end of a line. Default a
    /// comma.</summary>
    public char Separator { get; set; } = ',';

    /// <summary>Whether fields may contain ends of lines, between quotes. Default true: each file is then read by one
    /// subtask. False: large files are read in parallel.</summary>
    public bool QuotedLineEnds { get; set; } = true;

    internal override void Validate()
    {
        base.Validate();
        CsvSinkOptions.ValidateSeparator(Separator, nameof(Separator));
    }
}
