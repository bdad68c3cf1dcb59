using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

/// <summary>
/// Values that always take the same number of bytes. Reading checks what not every pattern of bits may be.
/// </summary>
/// <remarks>
/// Generated code calls these by name: <c>Write{Kind}</c>, <c>Read{Kind}</c>, <c>{Kind}Bytes</c>. The caller has made
/// sure that the bytes are there.
/// </remarks>
internal static class FixedCodec
{
    public const int BooleanBytes = 1;
    public const int ByteBytes = 1;
    public const int SByteBytes = 1;
    public const int Int16Bytes = 2;
    public const int UInt16Bytes = 2;
    public const int CharBytes = 2;
    public const int HalfBytes = 2;
    public const int Int32Bytes = 4;
    public const int UInt32Bytes = 4;
    public const int SingleBytes = 4;
    public const int DateOnlyBytes = 4;
    public const int Int64Bytes = 8;
    public const int UInt64Bytes = 8;
    public const int DoubleBytes = 8;
    public const int TimeSpanBytes = 8;
    public const int DateTimeBytes = 8;
    public const int TimeOnlyBytes = 8;
    public const int DateTimeOffsetBytes = 10;
    public const int Int128Bytes = 16;
    public const int UInt128Bytes = 16;
    public const int GuidBytes = 16;
    public const int DecimalBytes = 16;

    private const int KindShift = 62;
    private const ulong TicksMask = (1UL << KindShift) - 1;
    private const int MaxOffsetMinutes = 14 * 60;

    public static void WriteBoolean(ref byte at, bool value) => at = value ? (byte)1 : (byte)0;

    public static void WriteByte(ref byte at, byte value) => at = value;

    public static void WriteSByte(ref byte at, sbyte value) => at = (byte)value;

    public static void WriteInt16(ref byte at, short value) => Put(ref at, value);

    public static void WriteUInt16(ref byte at, ushort value) => Put(ref at, value);

    public static void WriteChar(ref byte at, char value) => Put(ref at, value);

    public static void WriteHalf(ref byte at, Half value) => Put(ref at, value);

    public static void WriteInt32(ref byte at, int value) => Put(ref at, value);

    public static void WriteUInt32(ref byte at, uint value) => Put(ref at, value);

    public static void WriteSingle(ref byte at, float value) => Put(ref at, value);

    public static void WriteDateOnly(ref byte at, DateOnly value) => Put(ref at, value.DayNumber);

    public static void WriteInt64(ref byte at, long value) => Put(ref at, value);

    public static void WriteUInt64(ref byte at, ulong value) => Put(ref at, value);

    public static void WriteDouble(ref byte at, double value) => Put(ref at, value);

    public static void WriteTimeSpan(ref byte at, TimeSpan value) => Put(ref at, value.Ticks);

    public static void WriteDateTime(ref byte at, DateTime value) =>
        Put(ref at, (ulong)value.Ticks | ((ulong)value.Kind << KindShift));

    public static void WriteTimeOnly(ref byte at, TimeOnly value) => Put(ref at, value.Ticks);

    public static void WriteDateTimeOffset(ref byte at, DateTimeOffset value)
    {
        Put(ref at, value.Ticks);
        Put(ref Unsafe.Add(ref at, sizeof(long)), (short)value.TotalOffsetMinutes);
    }

    public static void WriteInt128(ref byte at, Int128 value) => WriteUInt128(ref at, (UInt128)value);

    public static void WriteUInt128(ref byte at, UInt128 value)
    {
        Put(ref at, (ulong)value);
        Put(ref Unsafe.Add(ref at, sizeof(ulong)), (ulong)(value >> 64));
    }

    public static void WriteGuid(ref byte at, Guid value) => Put(ref at, value);

    public static void WriteDecimal(ref byte at, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        Put(ref at, parts[0]);
        Put(ref Unsafe.Add(ref at, 4), parts[1]);
        Put(ref Unsafe.Add(ref at, 8), parts[2]);
        Put(ref Unsafe.Add(ref at, 12), parts[3]);
    }

    public static bool ReadBoolean(ref readonly byte at)
    {
        if (at > 1)
        {
            FixedRefusal.Boolean(at);
        }

        return at != 0;
    }

    public static byte ReadByte(ref readonly byte at) => at;

    public static sbyte ReadSByte(ref readonly byte at) => (sbyte)at;

    public static short ReadInt16(ref readonly byte at) => Get<short>(in at);

    public static ushort ReadUInt16(ref readonly byte at) => Get<ushort>(in at);

    public static char ReadChar(ref readonly byte at) => Get<char>(in at);

    public static Half ReadHalf(ref readonly byte at) => Get<Half>(in at);

    public static int ReadInt32(ref readonly byte at) => Get<int>(in at);

    public static uint ReadUInt32(ref readonly byte at) => Get<uint>(in at);

    public static float ReadSingle(ref readonly byte at) => Get<float>(in at);

    public static DateOnly ReadDateOnly(ref readonly byte at)
    {
        int day = Get<int>(in at);
        if ((uint)day > (uint)DateOnly.MaxValue.DayNumber)
        {
            FixedRefusal.DateOnly(day);
        }

        return DateOnly.FromDayNumber(day);
    }

    public static long ReadInt64(ref readonly byte at) => Get<long>(in at);

    public static ulong ReadUInt64(ref readonly byte at) => Get<ulong>(in at);

    public static double ReadDouble(ref readonly byte at) => Get<double>(in at);

    public static TimeSpan ReadTimeSpan(ref readonly byte at) => new(Get<long>(in at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DateTime ReadDateTime(ref readonly byte at)
    {
        ulong bits = Get<ulong>(in at);
        ulong ticks = bits & TicksMask;
        ulong kind = bits >> KindShift;
        if (ticks > (ulong)DateTime.MaxValue.Ticks || kind > (ulong)DateTimeKind.Local)
        {
            FixedRefusal.DateTime(bits);
        }

        return new DateTime((long)ticks, (DateTimeKind)kind);
    }

    public static TimeOnly ReadTimeOnly(ref readonly byte at)
    {
        long ticks = Get<long>(in at);
        if ((ulong)ticks >= (ulong)TimeSpan.TicksPerDay)
        {
            FixedRefusal.TimeOnly(ticks);
        }

        return new TimeOnly(ticks);
    }

    public static DateTimeOffset ReadDateTimeOffset(ref readonly byte at)
    {
        long ticks = Get<long>(in at);
        short minutes = Get<short>(in Unsafe.Add(ref Unsafe.AsRef(in at), sizeof(long)));
        long utcTicks = ticks - (minutes * TimeSpan.TicksPerMinute);
        bool valid = (ulong)ticks <= (ulong)DateTime.MaxValue.Ticks
            && (ulong)utcTicks <= (ulong)DateTime.MaxValue.Ticks
            && minutes is >= -MaxOffsetMinutes and <= MaxOffsetMinutes;
        if (!valid)
        {
            FixedRefusal.DateTimeOffset(ticks, minutes);
        }

        return new DateTimeOffset(ticks, new TimeSpan(minutes * TimeSpan.TicksPerMinute));
    }

    public static Int128 ReadInt128(ref readonly byte at) => (Int128)ReadUInt128(in at);

    public static UInt128 ReadUInt128(ref readonly byte at) =>
        new(Get<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in at), sizeof(ulong))), Get<ulong>(in at));

    public static Guid ReadGuid(ref readonly byte at) => Get<Guid>(in at);

    public static decimal ReadDecimal(ref readonly byte at)
    {
        ref byte from = ref Unsafe.AsRef(in at);
        int flags = Get<int>(in Unsafe.Add(ref from, 12));
        int scale = (flags >> 16) & 0xFF;
        if ((flags & 0x7F00FFFF) != 0 || scale > 28)
        {
            FixedRefusal.Decimal(flags);
        }

        int middle = Get<int>(in Unsafe.Add(ref from, 4));
        int high = Get<int>(in Unsafe.Add(ref from, 8));
        return new decimal(Get<int>(in from), middle, high, flags < 0, (byte)scale);
    }

    private static void Put<T>(ref byte at, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref at, value);

    private static T Get<T>(ref readonly byte at)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(in at);
}
