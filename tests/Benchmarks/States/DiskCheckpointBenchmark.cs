using System.Globalization;
using Millrace.Measuring;
using Millrace.State.Snapshots;

namespace Millrace.States;

/// <summary>How many bytes checkpoints of state on the disk take when one key in a hundred has changed, how long the
/// loop stands for one, and what the files of the database would be instead.</summary>
/// <param name="Keys">Number of keys.</param>
/// <param name="Budget">Memory for them.</param>
internal sealed record DiskCheckpointBenchmark(int Keys, long Budget) : Benchmark("disk-checkpoint-incremental")
{
    private const double Bar = 0.05;
    private const int Checkpoints = 8;

    /// <inheritdoc/>
    public override Verdict Run()
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        (long whole, List<long> changes, List<double> pauses, double writing) = OfChanges();
        (long files, List<long> newFiles, List<double> flushes) = OfFiles();
        double median = Figures.Median([.. changes.Select(static bytes => (double)bytes)]);
        return new Verdict(
            Name,
            median,
            whole,
            $"bytes of a checkpoint after a hundredth of {Keys} keys was touched, and of the whole; longest freeze " +
            $"{Text(pauses.Max())} ms, median {Text(Figures.Median(pauses))}; written in {Text(writing)} ms; as " +
            $"files of the database {Mean(newFiles)} of {files} bytes a checkpoint on average, at most {newFiles.Max()}, " +
            $"behind a flush of {Text(Figures.Median(flushes))} ms, at most {Text(flushes.Max())}",
            median / whole,
            0,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
            Bar,
            Valid: true,
            median < Bar * whole);
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static long Mean(List<long> values) => values.Sum() / values.Count;

    private static long Write(FrozenState frozen)
    {
        using SnapshotOutput output = new();
        using (frozen)
        {
            foreach (long _ in frozen.Write(output))
            {
                output.PassedOn();
            }
        }

        return output.Position;
    }

    private (long Whole, List<long> Changes, List<double> Pauses, double Writing) OfChanges()
    {
        using var rows = new KeptRows(Keys, Budget);
        Random random = new(5);
        List<long> bytes = [];
        List<double> pauses = [];
        List<double> writing = [];
        for (int checkpoint = 1; checkpoint <= Checkpoints + 1; checkpoint++)
        {
            FrozenOperator? frozen = null;
            var order = new SnapshotOrder(checkpoint, checkpoint - 1, TracksChanges: true);
            pauses.Add(WideState.MillisecondsOf(() => frozen = rows.Freeze(in order)));
            writing.Add(WideState.MillisecondsOf(() => bytes.Add(Write(frozen!.Keyed!))));
            rows.Completed(checkpoint);
            rows.Add(Touched(random));
        }

        return (bytes[0], bytes[1..], pauses, Figures.Median(writing[1..]));
    }

    // The same keys are touched; files that were not there before would have to be stored.
    private (long Files, List<long> NewFiles, List<double> Flushes) OfFiles()
    {
        BareRows rows = new(Keys, Budget);
        Random random = new(5);
        HashSet<string> known = [];
        List<long> bytes = [];
        List<double> flushes = [];
        for (int checkpoint = 1; checkpoint <= Checkpoints + 1; checkpoint++)
        {
            flushes.Add(WideState.MillisecondsOf(rows.Flush));
            bytes.Add(rows.Files().Where(file => known.Add(file.Name)).Sum(static file => file.Length));
            rows.Add(Touched(random));
        }

        return (bytes[0], bytes[1..], flushes);
    }

    private long[] Touched(Random random) =>
        [.. Enumerable.Range(0, Keys / 100).Select(_ => (long)random.Next(Keys))];
}
