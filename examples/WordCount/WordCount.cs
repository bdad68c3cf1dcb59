using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Programs;

namespace Millrace.Examples;

/// <summary>
/// How often each word occurs: <c>--input</c> (a file, a directory or a pattern; by default Markdown and C# below the
/// current directory), <c>--output</c> (a directory for CSV files), <c>--overwrite</c> (replace what is in it).
/// </summary>
public sealed class WordCount : IStreamJob
{
    private static readonly string[] DefaultInput =
    [
        "*.md", "docs/**/*.md",
        "Grains/**/*.cs", "Grains.Interfaces/**/*.cs", "Hosting/**/*.cs", "Silo/**/*.cs", "ClientHost/**/*.cs",
        "examples/**/*.cs", "tests/**/*.cs",
    ];

    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        string[] input = args.Has("input") ? [args["input"]] : DefaultInput;
        env.FromSource(FileSource.ReadLines(input))
            .FlatMap(new Words()).WithUid("words")
            .KeyBy(word => word)
            .Count().WithUid("count")
            .SinkTo(FileSink.Csv(
                args.Get("output", "out/words"),
                csv => csv.Overwrite = args.GetBoolean("overwrite")));
    }
}
