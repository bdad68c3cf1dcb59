using System.Text;

namespace Millrace.Connectors.Files;

/// <summary>The lines of a file, found in the plainest way.</summary>
internal static class LineReference
{
    /// <summary>Each line with the byte at which it begins.</summary>
    public static List<(string Line, long Position)> LinesOf(byte[] bytes)
    {
        List<(string, long)> lines = [];
        List<byte> line = [];
        int start = 0;
        bool hasMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        for (int i = hasMark ? 3 : 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\n')
            {
                line.Add(bytes[i]);
                if (i < bytes.Length - 1)
                {
                    continue;
                }
            }

            if (line.Count > 0 && line[^1] == '\r')
            {
                line.RemoveAt(line.Count - 1);
            }

            lines.Add((new UTF8Encoding(false, false).GetString([.. line]), start));
            line.Clear();
            start = i + 1;
        }

        return lines;
    }
}
