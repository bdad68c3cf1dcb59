using System.Globalization;

namespace Millrace.Latency;

/// <summary>How long each record took.</summary>
internal sealed class Latencies(int capacity)
{
    private readonly long[] _ticks = new long[capacity];

    /// <summary>Records counted.</summary>
    public int Count { get; private set; }

    /// <summary>Counts one, in ticks of the clock's timestamps. Those beyond the capacity are an error.</summary>
    public void Add(long ticks) => _ticks[Count++] = ticks;

    /// <summary>Median and 99.9th percentile in ticks, for the other process.</summary>
    public string ToText()
    {
        if (Count != _ticks.Length)
        {
            throw new InvalidOperationException($"{Count} records came; {_ticks.Length} were sent.");
        }

        Array.Sort(_ticks);
        return string.Create(CultureInfo.InvariantCulture, $"{At(0.5)} {At(0.999)}");
    }

    /// <summary>Reverses <see cref="ToText"/>.</summary>
    public static Percentiles Parse(string text)
    {
        double[] milliseconds = [.. text.Split(' ').Select(ticks =>
            long.Parse(ticks, CultureInfo.InvariantCulture) * 1e3 / TimeProvider.System.TimestampFrequency)];
        return new Percentiles(milliseconds[0], milliseconds[1]);
    }

    private long At(double share) => _ticks[(int)((Count - 1) * share)];
}

/// <summary>What a run's records took, in milliseconds.</summary>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="P999">One in a thousand took longer.</param>
internal readonly record struct Percentiles(double Median, double P999);
