using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

/// <summary>
/// Refuses bits that are no value of their kind. Apart from the reading, so that this stays small and fast.
/// </summary>
internal static class FixedRefusal
{
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Boolean(byte found) => throw Corrupted($"a truth value is 0 or 1, found {found}");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DateOnly(int day) =>
        throw Corrupted($"a day's number is 0 to {System.DateOnly.MaxValue.DayNumber}, found {day}");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DateTime(ulong bits) => throw Corrupted($"no date and time has the bits {bits:x16}");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void TimeOnly(long ticks) =>
        throw Corrupted($"the ticks of a day are 0 to {TimeSpan.TicksPerDay - 1}, found {ticks}");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DateTimeOffset(long ticks, short minutes) =>
        throw Corrupted($"no date and time has {ticks} ticks at an offset of {minutes} minutes");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Decimal(int flags) => throw Corrupted($"no decimal has the flags {flags:x8}");

    private static RecordCorruptedException Corrupted(string reason) => new($"Record bytes are corrupt: {reason}.");
}
