using System.Text;

namespace Millrace.Local;

/// <summary>The end of a file that somebody may still be writing.</summary>
internal static class LogTail
{
    /// <returns>At most <paramref name="lines"/> lines out of the last <paramref name="bytes"/> bytes; none when the
    /// file cannot be read.</returns>
    public static IReadOnlyList<string> Read(string path, int lines, int bytes, long from = 0)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A file that has become shorter was put aside, and begun anew.
            long first = from <= file.Length ? from : 0;
            bool isCut = file.Length - first > bytes;
            first = Math.Max(first, file.Length - bytes);
            file.Seek(first, SeekOrigin.Begin);
            byte[] content = new byte[file.Length - first];
            int read = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            string[] all = Encoding.UTF8.GetString(content, 0, read).TrimEnd().ReplaceLineEndings("\n").Split('\n');
            IEnumerable<string> whole = isCut ? all.Skip(1) : all;
            return [.. whole.Where(line => line.Length > 0).TakeLast(lines)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
