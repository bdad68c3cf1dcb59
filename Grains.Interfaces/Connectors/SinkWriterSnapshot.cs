namespace Millrace.Connectors;

/// <summary>What a sink writer tells at a checkpoint.</summary>
/// <param name="States">What a writer needs to go on, in pieces that may each go to another writer when the parallelism
/// has changed; often none.</param>
/// <param name="Committables">What the sink's committer is to make visible once the checkpoint is complete.</param>
public sealed record SinkWriterSnapshot(IReadOnlyList<byte[]> States, IReadOnlyList<byte[]> Committables)
{
    /// <summary>All that was written is where it belongs, and nothing is left to be done.</summary>
    public static readonly SinkWriterSnapshot Empty = new([], []);
}
