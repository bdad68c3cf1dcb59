using System.Globalization;
using System.Runtime.CompilerServices;
using Millrace.Batches;

namespace Millrace.Operators.Windows;

/// <summary>Which timestamps windows by event time can be cut around: those with room for the longest window on either
/// side.</summary>
internal static class WindowTimes
{
    private const long Most = 1L << 62;
    private const long Least = -Most;

    /// <summary>Whether a record with the timestamp has windows. <see cref="RecordBatch.NoTimestamp"/> is
    /// none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(long timestamp) => (ulong)(timestamp - Least) <= unchecked((ulong)(Most - Least));

    /// <summary>What is wrong with a record that has none.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="timestamp">Of the record.</param>
    public static InvalidOperationException Refused(string name, long timestamp) => new(
        timestamp == RecordBatch.NoTimestamp
            ? $"A record without timestamp comes into '{name}', whose windows follow timestamps."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"A record with the timestamp {timestamp} comes into '{name}', whose windows follow timestamps: from " +
                $"{Least} to {Most} are possible. What comes of a window that never ends has its end, " +
                $"{long.MaxValue}, as its timestamp: assign others first."));
}
