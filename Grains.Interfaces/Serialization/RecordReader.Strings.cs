using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

public ref partial struct RecordReader
{
    /// <summary>Reads a string, which may be null.</summary>
    public string? ReadString()
    {
        // Most are ASCII of at most 126 characters: one byte says all, and one comparison that all is there.
        ReadOnlySpan<byte> rest = _bytes[_position..];
        if (rest.Length > 0)
        {
            int count = rest[0] - 1;
            if (count is > 0 and < 0x7F && count < rest.Length
                && StringCodec.DecodeAscii(rest.Slice(1, count)) is { } text)
            {
                _position += 1 + count;
                return text;
            }
        }

        return ReadAny();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private string? ReadAny()
    {
        uint prefix = ReadVarUInt32();
        if (prefix <= 1)
        {
            return prefix == 0 ? null : "";
        }

        int count = (int)Math.Min(prefix - 1, int.MaxValue);
        string? text = StringCodec.Decode(ReadRaw(count));
        if (text is null)
        {
            ThrowCorrupted($"the {count} bytes before are not UTF-8");
        }

        return text;
    }
}
