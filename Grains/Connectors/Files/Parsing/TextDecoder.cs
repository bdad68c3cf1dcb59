using System.Text;

namespace Millrace.Connectors.Files.Parsing;

/// <summary>Lines as they are: UTF-8, invalid bytes become U+FFFD.</summary>
internal sealed class TextDecoder : IRecordDecoder<string>
{
    /// <summary>How lines of text are read.</summary>
    public static readonly RecordReading<string> Reading = new(default, () => new TextDecoder());

    public void Begin(ReadOnlySpan<byte> header)
    {
    }

    public bool TryDecode(ReadOnlySpan<byte> record, out string value)
    {
        value = Encoding.UTF8.GetString(record);
        return true;
    }
}
