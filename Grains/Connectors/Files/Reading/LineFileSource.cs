namespace Millrace.Connectors.Files.Reading;

/// <summary>Lines of files.</summary>
internal sealed class LineFileSource(IReadOnlyList<string> paths, FileSourceOptions options) : Source<string, FileSplit>
{
    public override Boundedness Boundedness => Boundedness.Bounded;

    public override string Name => "Files";

    public override ISplitEnumerator<FileSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        new FileSplitEnumerator(paths, options.SplitBytes, context);

    public override ISourceReader<string, FileSplit> CreateReader(SourceReaderContext context) =>
        new LineReader(options, context);
}
