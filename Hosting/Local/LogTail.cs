using System.Text;

namespace Millrace.Local;

/// <summary>The end of a file that somebody may still be writing.</summary>
internal static class LogTail
{
    /// <returns>At most <paramref name="lines"/> lines out of the last <paramref name="bytes"/> bytes; none when the
    /// file
    /// cannot be read.</returns>
    public static IReadOnlyList<string> Read(string path, int lines, int bytes)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            bool isCut = file.Length > bytes;
            file.Seek(Math.Max(0, file.Length - bytes), SeekOrigin.Begin);
            byte[] content = new byte[Math.Min(file.Length, bytes)];
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
