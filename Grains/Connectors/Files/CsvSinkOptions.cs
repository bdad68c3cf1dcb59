namespace Millrace.Connectors.Files;

/// <summary>How CSV files are written.</summary>
public sealed class CsvSinkOptions : FileSinkOptions
{
    /// <summary>Whether each file begins with the names of the columns. Default false.</summary>
    public bool Header { get; set; }

    /// <summary>Stands between two fields; an ASCII character, neither a quote nor the end of a line. Default a
    /// comma.</summary>
    public char Separator { get; set; } = ',';

    internal override void Validate()
    {
        base.Validate();
        ValidateSeparator(Separator, nameof(Separator));
    }

    internal static void ValidateSeparator(char separator, string name)
    {
        if (!char.IsAscii(separator) || separator is '"' or '\r' or '\n')
        {
            throw new ArgumentOutOfRangeException(
                name, separator, "An ASCII character other than a quote and the ends of lines is needed.");
        }
    }
}
