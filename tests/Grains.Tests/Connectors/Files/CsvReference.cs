using System.Text;

namespace Millrace.Connectors.Files;

/// <summary>Reads RFC 4180 one character after the other, and refuses what is none.</summary>
internal static class CsvReference
{
    public static List<string[]> Parse(string text, char separator = ',')
    {
        List<string[]> rows = [];
        List<string> row = [];
        int at = 0;
        while (at < text.Length)
        {
            row.Add(text[at] == '"' ? Quoted(text, ref at) : Bare(text, ref at, separator));
            if (at == text.Length)
            {
                throw new FormatException("The last row has no end.");
            }

            char end = text[at++];
            if (end == '\n')
            {
                rows.Add([.. row]);
                row.Clear();
            }
            else if (end != separator)
            {
                throw new FormatException($"'{end}' behind a quoted field.");
            }
            else if (at < text.Length && text[at] == '\n')
            {
                row.Add("");
                at++;
                rows.Add([.. row]);
                row.Clear();
            }
        }

        return rows;
    }

    private static string Bare(string text, ref int at, char separator)
    {
        int start = at;
        while (at < text.Length && text[at] != separator && text[at] != '\n')
        {
            if (text[at] is '"' or '\r')
            {
                throw new FormatException($"'{text[at]}' in a field without quotes.");
            }

            at++;
        }

        return text[start..at];
    }

    private static string Quoted(string text, ref int at)
    {
        StringBuilder field = new();
        at++;
        while (true)
        {
            if (text[at] != '"')
            {
                field.Append(text[at++]);
                continue;
            }

            at++;
            if (at == text.Length || text[at] != '"')
            {
                return field.ToString();
            }

            field.Append('"');
            at++;
        }
    }
}
