using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.State;

/// <summary>The hash and the equality of the simple values that keys are made of (docs/formats/key-hash.md).</summary>
/// <remarks>Generated code calls these by name: <c>OfKind</c>, <c>AreEqualKind</c>. Saved state depends on every
/// bit.</remarks>
internal static class KeyHash
{
    /// <summary>The hash of what is null or absent.</summary>
    public const ulong Null = 0x9ae16a3b2f90404f;

    /// <summary>The hash of what has no members.</summary>
    public const ulong Empty = 0xc3a5c85c97cb3127;

    private const ulong Gamma = 0x9e3779b97f4a7c15;
    private const ulong Multiplier1 = 0xbf58476d1ce4e5b9;
    private const ulong Multiplier2 = 0x94d049bb133111eb;
    private const ulong CombineMultiplier = 0x9fb21c651e98df25;
    private const ulong CanonicalNaN = 0x7ff8000000000000;

    // Divided by this, a decimal loses the zeros at its end: 1.00 becomes 1.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Spreads 64 bits over 64 bits, one to one: two different numbers never share a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong bits)
    {
        bits += Gamma;
        bits = (bits ^ (bits >> 30)) * Multiplier1;
        bits = (bits ^ (bits >> 27)) * Multiplier2;
        return bits ^ (bits >> 31);
    }

    /// <summary>As <see cref="Mix"/>, of many numbers.</summary>
    /// <param name="bits">The numbers.</param>
    /// <param name="mixed">As long as <paramref name="bits"/>.</param>
    public static void MixAll(ReadOnlySpan<ulong> bits, Span<ulong> mixed)
    {
        mixed = mixed[..bits.Length];
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            ref ulong from = ref MemoryMarshal.GetReference(bits);
            ref ulong to = ref MemoryMarshal.GetReference(mixed);
            for (; done <= bits.Length - Vector512<ulong>.Count; done += Vector512<ulong>.Count)
            {
                Vector512<ulong> all = Vector512.LoadUnsafe(ref from, (nuint)done) + Vector512.Create(Gamma);
                all = (all ^ (all >>> 30)) * Vector512.Create(Multiplier1);
                all = (all ^ (all >>> 27)) * Vector512.Create(Multiplier2);
                (all ^ (all >>> 31)).StoreUnsafe(ref to, (nuint)done);
            }
        }

        for (; done < mixed.Length; done++)
        {
            mixed[done] = Mix(bits[done]);
        }
    }

    /// <summary>The hash of what came before and the hash of the next member.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Combine(ulong before, ulong next) => Mix((before * CombineMultiplier) + next);

    public static ulong OfBoolean(bool value) => Mix(value ? 1UL : 0);

    public static ulong OfByte(byte value) => Mix(value);

    public static ulong OfSByte(sbyte value) => Mix((ulong)value);

    public static ulong OfInt16(short value) => Mix((ulong)value);

    public static ulong OfUInt16(ushort value) => Mix(value);

    public static ulong OfChar(char value) => Mix(value);

    public static ulong OfInt32(int value) => Mix((ulong)value);

    public static ulong OfUInt32(uint value) => Mix(value);

    public static ulong OfInt64(long value) => Mix((ulong)value);

    public static ulong OfUInt64(ulong value) => Mix(value);

    public static ulong OfInt128(Int128 value) => OfUInt128((UInt128)value);

    public static ulong OfUInt128(UInt128 value) => Combine(Mix((ulong)value), Mix((ulong)(value >> 64)));

    public static ulong OfHalf(Half value) => OfDouble((double)value);

    public static ulong OfSingle(float value) => OfDouble(value);

    public static ulong OfDouble(double value) =>
        Mix(value == 0 ? 0 : double.IsNaN(value) ? CanonicalNaN : BitConverter.DoubleToUInt64Bits(value));

    public static ulong OfDecimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value == 0 ? 0m : value / One, parts);
        ulong low = (uint)parts[0] | ((ulong)(uint)parts[1] << 32);
        ulong high = (uint)parts[2] | ((ulong)(uint)parts[3] << 32);
        return Combine(Mix(low), Mix(high));
    }

    public static ulong OfGuid(Guid value) => OfUInt128(Unsafe.BitCast<Guid, UInt128>(value));

    public static ulong OfDateTime(DateTime value) => Mix((ulong)value.Ticks);

    public static ulong OfDateTimeOffset(DateTimeOffset value) => Mix((ulong)value.UtcTicks);

    public static ulong OfTimeSpan(TimeSpan value) => Mix((ulong)value.Ticks);

    public static ulong OfDateOnly(DateOnly value) => Mix((ulong)value.DayNumber);

    public static ulong OfTimeOnly(TimeOnly value) => Mix((ulong)value.Ticks);

    public static ulong OfString(string? value) =>
        value is null ? Null : Wyhash.Of(MemoryMarshal.AsBytes(value.AsSpan()));

    public static ulong OfBigInteger(BigInteger value) => Wyhash.Of(value.ToByteArray());

    public static bool AreEqualBoolean(bool left, bool right) => left == right;

    public static bool AreEqualByte(byte left, byte right) => left == right;

    public static bool AreEqualSByte(sbyte left, sbyte right) => left == right;

    public static bool AreEqualInt16(short left, short right) => left == right;

    public static bool AreEqualUInt16(ushort left, ushort right) => left == right;

    public static bool AreEqualChar(char left, char right) => left == right;

    public static bool AreEqualInt32(int left, int right) => left == right;

    public static bool AreEqualUInt32(uint left, uint right) => left == right;

    public static bool AreEqualInt64(long left, long right) => left == right;

    public static bool AreEqualUInt64(ulong left, ulong right) => left == right;

    public static bool AreEqualInt128(Int128 left, Int128 right) => left == right;

    public static bool AreEqualUInt128(UInt128 left, UInt128 right) => left == right;

    public static bool AreEqualHalf(Half left, Half right) => left.Equals(right);

    public static bool AreEqualSingle(float left, float right) => left.Equals(right);

    public static bool AreEqualDouble(double left, double right) => left.Equals(right);

    public static bool AreEqualDecimal(decimal left, decimal right) => left == right;

    public static bool AreEqualGuid(Guid left, Guid right) => left == right;

    public static bool AreEqualDateTime(DateTime left, DateTime right) => left.Ticks == right.Ticks;

    public static bool AreEqualDateTimeOffset(DateTimeOffset left, DateTimeOffset right) =>
        left.UtcTicks == right.UtcTicks;

    public static bool AreEqualTimeSpan(TimeSpan left, TimeSpan right) => left == right;

    public static bool AreEqualDateOnly(DateOnly left, DateOnly right) => left == right;

    public static bool AreEqualTimeOnly(TimeOnly left, TimeOnly right) => left == right;

    public static bool AreEqualString(string? left, string? right) => string.Equals(left, right);

    public static bool AreEqualBigInteger(BigInteger left, BigInteger right) => left == right;
}
