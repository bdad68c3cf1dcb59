using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace Millrace.Jobs;

/// <summary>128 bits, written as 32 lower-case hexadecimal digits.</summary>
/// <param name="High">The first 16 digits.</param>
/// <param name="Low">The last 16 digits.</param>
[GenerateSerializer, Immutable, Alias("millrace.Id128")]
public readonly record struct Id128([property: Id(0)] ulong High, [property: Id(1)] ulong Low)
{
    /// <summary>Number of digits.</summary>
    public const int Digits = 32;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>The id with the bits of a GUID.</summary>
    public static Id128 Of(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes);
        return OfBytes(bytes);
    }

    /// <summary>The id made of the first 16 bytes, most significant first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 bytes.</exception>
    public static Id128 OfBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Reads 32 hexadecimal digits, lower case.</summary>
    public static bool TryParse(string? text, out Id128 id)
    {
        id = default;
        if (text is null || text.Length != Digits || text.AsSpan().ContainsAnyExcept(LowerHex))
        {
            return false;
        }

        id = new Id128(
            ulong.Parse(text.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
