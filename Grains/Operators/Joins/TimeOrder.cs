namespace Millrace.Operators.Joins;

/// <summary>Lists of records in the order of their times; of one time, in the order they came.</summary>
internal static class TimeOrder
{
    /// <summary>Index of the first record that is not before a time; the number of records without one.</summary>
    public static int FirstAt<T>(List<Timed<T>> records, long time) =>
        time == long.MinValue ? 0 : FirstAfter(records, time - 1);

    /// <summary>Index of the first record behind a time; the number of records when there is none.</summary>
    public static int FirstAfter<T>(List<Timed<T>> records, long time)
    {
        int low = 0;
        int high = records.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (records[middle].Time <= time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Adds a record. Cheapest in the order of time.</summary>
    /// <returns>Its index.</returns>
    public static int Insert<T>(List<Timed<T>> records, long time, T value)
    {
        int index = records.Count == 0 || records[^1].Time <= time ? records.Count : FirstAfter(records, time);
        records.Insert(index, new Timed<T>(time, value));
        return index;
    }

    /// <summary>A time moved by a number of milliseconds, at most to the ends of time.</summary>
    public static long Shift(long time, long by)
    {
        long sum = unchecked(time + by);
        if (by >= 0)
        {
            return sum < time ? long.MaxValue : sum;
        }

        return sum > time ? long.MinValue : sum;
    }
}
