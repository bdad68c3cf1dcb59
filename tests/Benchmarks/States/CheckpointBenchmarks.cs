using System.Globalization;
using System.Runtime.InteropServices;
using Millrace.Checkpointing;
using Millrace.Execution;
using Millrace.Measuring;
using Millrace.State.Snapshots;

namespace Millrace.States;

/// <summary>What checkpoints of a gigabyte of state in memory cost those who go on working meanwhile, and how fast they
/// are read.</summary>
internal static class CheckpointBenchmarks
{
    private const int AllKeys = 10_000_000;

    private static readonly ThreadClock Clock = ThreadClock.OfSystem(TimeProvider.System);

    // Fewer for a look in between.
    private static readonly int Keys =
        int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_STATE_KEYS"), out int keys) ? keys : AllKeys;

    public static IEnumerable<Benchmark> All() =>
    [
        new Pause(),
        new Throughput(),
        new Increment(),
        new Restoring(),
    ];

    private static Verdict VerdictOf(
        string name,
        double millrace,
        double reference,
        string unit,
        double bar,
        bool holds,
        double[]? ratios = null) => new(
        name,
        millrace,
        reference,
        unit,
        ratios is null ? millrace / reference : Figures.Median(ratios),
        ratios is null ? 0 : Figures.Spread(ratios),
        Environment.CpuUsage.TotalTime.TotalSeconds,
        bar,
        Valid: true,
        holds);

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static long Updates(WideState state, Random random, Func<bool> goesOn, ref double longest)
    {
        long updates = 0;
        while (goesOn())
        {
            longest = Math.Max(
                longest, WideState.MillisecondsOf(() => updates += state.Step(_ => random.NextInt64(Keys))));
        }

        return updates;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Flat
    {
        public long Key;
        public WideState.Value Value;
    }

    /// <summary>How fast a checkpoint is read into a table, and its file into a dictionary that has room for
    /// all.</summary>
    private sealed record Restoring() : Benchmark("checkpoint-restore")
    {
        // Before the first entry of the file: magic and version of the subtask's state, and of the operator's.
        private const int PreambleBytes = 20;
        private const int AtOnce = 10_000;

        public override Verdict Run()
        {
            using WideState state = new();
            state.Fill(Keys);
            StateHandle handle = state.WriteAsync(state.Freeze()).GetAwaiter().GetResult();
            state.Forget();
            return Referee.Judge(
                new Contest(Name, "entries", 0.5, () => Restore(state, handle), () => ReadByHand(state, handle))
                {
                    ByElapsedTime = true,
                });
        }

        private static Sample Restore(WideState state, StateHandle handle)
        {
            Sample sample = Sample.Of(Keys, () => state.Restore(handle));
            int count = state.Table.Count;
            state.Forget();
            return count == Keys
                ? sample
                : throw new InvalidOperationException($"{count} keys were restored of {Keys}.");
        }

        // The same bytes in the same order: entries of such keys and values lie in the file as they lie in memory.
        // Nothing is checked, as nobody asks a loop written by hand to.
        private static Sample ReadByHand(WideState state, StateHandle handle)
        {
            int size = Marshal.SizeOf<Flat>();
            Dictionary<long, WideState.Value> table = [];
            Sample sample = Sample.Of(Keys, () =>
            {
                table = new Dictionary<long, WideState.Value>(Keys);
                using FileStream file = File.OpenRead(state.PathOf(handle));
                file.Seek(PreambleBytes, SeekOrigin.Begin);
                byte[] chunk = new byte[size * AtOnce];
                for (int left = Keys; left > 0; left -= AtOnce)
                {
                    Span<byte> some = chunk.AsSpan(0, Math.Min(left, AtOnce) * size);
                    file.ReadExactly(some);
                    foreach (ref readonly Flat flat in MemoryMarshal.Cast<byte, Flat>(some))
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(table, flat.Key, out _) = flat.Value;
                    }
                }
            });
            return table.Count == Keys && table.ContainsKey(0) && table.ContainsKey(Keys - 1)
                ? sample
                : throw new InvalidOperationException($"{table.Count} keys were read of {Keys}.");
        }
    }

    /// <summary>How long the loop stands for a checkpoint.</summary>
    private sealed record Pause() : Benchmark("checkpoint-pause")
    {
        private const int Checkpoints = 5;
        private const double MostMilliseconds = 10;

        public override Verdict Run()
        {
            using WideState state = new();
            double growing = state.Fill(Keys);
            Random random = new(1);
            List<double> pauses = [];
            List<double> busy = [];
            double beside = 0;
            TimeSpan collections = GC.GetTotalPauseDuration();
            for (int i = 0; i < Checkpoints; i++)
            {
                FrozenOperator? frozen = null;
                long before = Clock.Read();
                pauses.Add(WideState.MillisecondsOf(() => frozen = state.Freeze(state.LastComplete)));
                busy.Add((Clock.Read() - before) / 1e6);
                Task<StateHandle> writing = state.WriteAsync(frozen!);
                Updates(state, random, () => !writing.IsCompleted, ref beside);
                writing.GetAwaiter().GetResult();
                state.Complete();
            }

            double pause = pauses.Max();
            return VerdictOf(
                Name,
                pause,
                MostMilliseconds,
                $"milliseconds, the longest of {Checkpoints} freezes of {Keys} keys, collections left out; median " +
                $"{Text(Figures.Median(pauses))}; of processor time {Text(Figures.Median(busy))}, the longest " +
                $"{Text(busy.Max())}; longest step of 1,024 records while it was written {Text(beside)}, " +
                $"while the table grew {Text(growing)}; collections meanwhile " +
                $"{Text((GC.GetTotalPauseDuration() - collections).TotalMilliseconds / Checkpoints)} a checkpoint",
                1,
                pause < MostMilliseconds);
        }
    }

    /// <summary>How fast records are worked on while a checkpoint is written.</summary>
    private sealed record Throughput() : Benchmark("checkpoint-throughput")
    {
        private const int Rounds = 7;
        private const double Bar = 0.7;

        private static readonly TimeSpan Alone = TimeSpan.FromSeconds(3);

        public override Verdict Run()
        {
            using WideState state = new();
            state.Fill(Keys);
            Random random = new(1);
            double longest = 0;
            List<Pace> before = [];
            List<Pace> during = [];
            List<Pace> plain = [];
            List<double> seconds = [];
            TimeSpan collections = GC.GetTotalPauseDuration();

            // The first round is for the compiler and for memory that nobody has touched: it does not count.
            for (int i = 0; i <= Rounds; i++)
            {
                long started = TimeProvider.System.GetTimestamp();
                before.Add(Rate(() => Updates(
                    state, random, () => TimeProvider.System.GetElapsedTime(started) < Alone, ref longest)));
                Task<StateHandle>? writing = null;
                long began = TimeProvider.System.GetTimestamp();
                during.Add(Rate(() =>
                {
                    writing = state.WriteAsync(state.Freeze());
                    return Updates(state, random, () => !writing.IsCompleted, ref longest);
                }));
                seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
                long length = writing!.GetAwaiter().GetResult().Length;
                Task<bool> bytes = state.WriteBytesAsync(length);
                plain.Add(Rate(() => Updates(state, random, () => !bytes.IsCompleted, ref longest)));
                bytes.GetAwaiter().GetResult();
                if (i == 0)
                {
                    longest = 0;
                    before.Clear();
                    during.Clear();
                    plain.Clear();
                    seconds.Clear();
                }
            }

            double[] ratios = [.. during.Zip(before, static (with, alone) => with.Elapsed / alone.Elapsed)];
            return VerdictOf(
                Name,
                Elapsed(during),
                Elapsed(before),
                $"records a second while a checkpoint of {Keys} keys is written, and before; beside a plain write of " +
                $"as many bytes {Text(Elapsed(plain) / 1e6)}M; a second of the thread's processor time " +
                $"{Text(Busy(during) / 1e6)}M, before {Text(Busy(before) / 1e6)}M, beside the plain write " +
                $"{Text(Busy(plain) / 1e6)}M; a checkpoint took " +
                $"{Text(Figures.Median(seconds))} s; longest step of 1,024 records {Text(longest)} ms; collections " +
                $"{Text((GC.GetTotalPauseDuration() - collections).TotalMilliseconds / (Rounds + 1))} ms a round",
                Bar,
                Figures.Median(ratios) >= Bar,
                ratios);
        }

        private static double Elapsed(List<Pace> paces) => Figures.Median(paces.Select(static pace => pace.Elapsed));

        private static double Busy(List<Pace> paces) => Figures.Median(paces.Select(static pace => pace.Busy));

        private static Pace Rate(Func<long> run)
        {
            long started = TimeProvider.System.GetTimestamp();
            long busy = Clock.Read();
            long records = run();
            return new Pace(
                records / TimeProvider.System.GetElapsedTime(started).TotalSeconds,
                records / ((Clock.Read() - busy) / 1e9));
        }

        /// <summary>Records a second, by the clock and of the thread's processor time.</summary>
        private sealed record Pace(double Elapsed, double Busy);
    }

    /// <summary>How many bytes a checkpoint takes when few keys have changed since the last one.</summary>
    private sealed record Increment() : Benchmark("checkpoint-incremental")
    {
        private const double Bar = 0.05;

        public override Verdict Run()
        {
            using WideState state = new();
            state.Fill(Keys);
            StateHandle all = state.WriteAsync(state.Freeze()).GetAwaiter().GetResult();
            long completed = state.Complete();
            Random random = new(1);
            for (long touched = 0; touched < Keys / 100; touched += state.Step(_ => random.NextInt64(Keys)))
            {
                // One in a hundred, wherever it lies.
            }

            double milliseconds = 0;
            StateHandle? changes = null;
            milliseconds = WideState.MillisecondsOf(
                () => changes = state.WriteAsync(state.Freeze(completed)).GetAwaiter().GetResult());
            return VerdictOf(
                Name,
                changes!.Length,
                all.Length,
                $"bytes of a checkpoint after a hundredth of {Keys} keys was touched, and of the one before; it took " +
                $"{Text(milliseconds)} ms",
                Bar,
                changes.Length < Bar * all.Length);
        }
    }
}
