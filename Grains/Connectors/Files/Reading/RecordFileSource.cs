using Millrace.Connectors.Files.Parsing;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Records of files.</summary>
internal sealed class RecordFileSource<T>(
    IReadOnlyList<string> paths, RecordReading<T> reading, FileSourceOptions options) : Source<T, FileSplit>
{
    public override Boundedness Boundedness =>
        options.WatchInterval is null ? Boundedness.Bounded : Boundedness.Continuous;

    public override string Name => "Files";

    public override ISplitEnumerator<FileSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        Enumerator(context, null);

    public override ISplitEnumerator<FileSplit> RestoreEnumerator(SplitEnumeratorContext context, byte[] snapshot) =>
        Enumerator(context, snapshot);

    public override ISourceReader<T, FileSplit> CreateReader(SourceReaderContext context) =>
        new FileReader<T>(reading, options, context);

    private ISplitEnumerator<FileSplit> Enumerator(SplitEnumeratorContext context, byte[]? snapshot)
    {
        SplitPlan plan = new(context.Parallelism, options.SplitBytes, Divides: !reading.Layout.QuotesLineEnds);
        return options.WatchInterval is TimeSpan interval
            ? new WatchingEnumerator(paths, plan, interval, context, snapshot)
            : new FileSplitEnumerator(paths, plan, context, snapshot);
    }
}
