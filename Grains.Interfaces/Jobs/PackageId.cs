namespace Millrace.Jobs;

/// <summary>Identifies a job package by its content: the same files have the same id, wherever they were
/// packed.</summary>
/// <param name="High">The first 32 digits.</param>
/// <param name="Low">The last 32 digits.</param>
[GenerateSerializer, Immutable, Alias("millrace.PackageId")]
public readonly record struct PackageId([property: Id(0)] Id128 High, [property: Id(1)] Id128 Low)
{
    /// <summary>Number of digits.</summary>
    public const int Digits = 2 * Id128.Digits;

    /// <summary>Number of bytes of the hash.</summary>
    public const int HashBytes = 32;

    /// <summary>The id made of a SHA-256 hash.</summary>
    /// <param name="hash">32 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number of bytes.</exception>
    public static PackageId OfHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, HashBytes, nameof(hash));
        return new PackageId(Id128.OfBytes(hash), Id128.OfBytes(hash[(HashBytes / 2)..]));
    }

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static PackageId Parse(string text) => TryParse(text, out PackageId id)
        ? id
        : throw new FormatException(
            $"'{text}' is not a package id: {Digits} lower-case hexadecimal digits are needed.");

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    public static bool TryParse(string? text, out PackageId id)
    {
        id = default;
        if (text?.Length != Digits
            || !Id128.TryParse(text[..Id128.Digits], out Id128 high)
            || !Id128.TryParse(text[Id128.Digits..], out Id128 low))
        {
            return false;
        }

        id = new PackageId(high, low);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{High}{Low}";
}
