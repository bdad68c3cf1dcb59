using Millrace.Examples.Nexmark.Generator;
using Millrace.Measuring;
using NexmarkEvent = Millrace.Examples.Nexmark.Generator.Event;

namespace Millrace.Contests;

/// <summary>How many events with all their fields the Beam-seeded generator of examples/Nexmark makes, beside the fast
/// one. Its bar is a number of events for each second of processor time, not a ratio: what is measured with Nexmark
/// cannot be faster than its generator.</summary>
internal sealed record NexmarkGeneratorBenchmark() : Benchmark("nexmark-generator")
{
    private const int Events = 2_000_000;
    private const double BarRate = 2_000_000;

    /// <inheritdoc/>
    public override Verdict Run()
    {
        var contest = new Contest(Name, "events", null, Make<JavaRandom>, Make<MixedRandom>);
        Verdict verdict = contest.Run();
        return verdict with
        {
            BarRate = BarRate,
            Holds = verdict.Valid ? verdict.Millrace >= BarRate : null,
        };
    }

    // Into a batch that is used again, as a source does.
    private static Sample Make<TRandom>()
        where TRandom : struct, IEventRandom<TRandom>
    {
        var generator = new EventGenerator<TRandom>(new EventNumbering());
        NexmarkEvent[] batch = new NexmarkEvent[1_024];
        return Sample.Of(Events, () =>
        {
            for (int position = 0; position < Events; position++)
            {
                batch[position % batch.Length] = generator.At(position);
            }
        });
    }
}
