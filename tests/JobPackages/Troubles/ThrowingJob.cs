using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Programs;

namespace Troubles;

/// <summary>Cannot stand the word that <c>--word</c> names, in the lines of <c>--input</c>.</summary>
public sealed class ThrowingJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        string word = args.Get("word", "boom");
        env.FromSource(FileSource.ReadLines(args["input"]))
            .Map(line => Inspect(line, word)).Name("Inspect")
            .SinkTo(new DiscardSink<string>());
    }

    private static string Inspect(string line, string word) =>
        line.Contains(word, StringComparison.Ordinal)
            ? throw new InvalidOperationException($"found '{word}'")
            : line;
}
