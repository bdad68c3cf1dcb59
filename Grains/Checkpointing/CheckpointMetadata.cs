using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>What a completed checkpoint consists of (docs/formats/checkpoint.md).</summary>
/// <param name="Job">Whose it is.</param>
/// <param name="JobName">The job's name.</param>
/// <param name="Number">Number of the checkpoint within the job, from 1.</param>
/// <param name="Epoch">Who took it.</param>
/// <param name="CompletedAt">When its last part came.</param>
/// <param name="Vertices">What the subtasks keep, in the order of the plan.</param>
/// <param name="Sources">What the job's side of the sources keeps.</param>
/// <param name="Committables">What is to be committed, unless that was done.</param>
internal sealed record CheckpointMetadata(
    JobId Job,
    string JobName,
    long Number,
    JobEpoch Epoch,
    DateTimeOffset CompletedAt,
    ImmutableArray<RestoredVertex> Vertices,
    ImmutableArray<SourceState> Sources,
    ImmutableArray<OperatorCommittables> Committables)
{
    /// <summary>The operators that ran, for programs that are to go on from it; null where that was not told.</summary>
    public IReadOnlyList<SnapshotOperator>? Operators { get; init; }

    /// <summary>Records that its cuts have overtaken, by edge; null where that was not told.</summary>
    public IReadOnlyList<InFlightSize>? InFlight { get; init; }

    /// <summary>Where it is.</summary>
    [JsonIgnore]
    public CheckpointReference Reference => new(Number, Epoch);

    /// <summary>Whether anything of it is still to be committed: also what finished subtasks have left.</summary>
    [JsonIgnore]
    public bool HasCommittables => Committables.Any(static sink => !sink.Items.IsEmpty) || Left().Any();

    /// <summary>The same with other names for its files.</summary>
    public CheckpointMetadata WithFiles(Func<string, string> name) => this with
    {
        Vertices =
        [
            .. Vertices.Select(vertex => vertex with
            {
                Subtasks =
                [
                    .. vertex.Subtasks.Select(subtask => subtask with { State = subtask.State?.WithFiles(name) }),
                ],
            }),
        ],
    };

    /// <summary>The same once everything in it is visible: also what finished subtasks had left.</summary>
    public CheckpointMetadata WithoutCommittables() => this with
    {
        Committables = [],
        Vertices =
        [
            .. Vertices.Select(static vertex => vertex with
            {
                Subtasks =
                [
                    .. vertex.Subtasks.Select(static subtask => subtask.Finished is { } finished
                        ? subtask with { Finished = finished with { Committables = [] } }
                        : subtask),
                ],
            }),
        ],
    };

    /// <summary>The same with what finished subtasks have left among what it commits, and not kept for the end of the
    /// job.</summary>
    public CheckpointMetadata CommittingFinished() => WithoutCommittables() with
    {
        Committables = OperatorCommittables.BySink([.. Committables, .. Left()]),
    };

    /// <summary>What is still to be committed of one sink, at once and when the job has finished.</summary>
    public IReadOnlyList<byte[]> OpenOf(OperatorId sink) =>
        [.. Committables.Concat(Left()).Where(one => one.Operator == sink).SelectMany(static one => one.Items)];

    /// <summary>What finished subtasks have left of one sink, to be committed when the job has finished.</summary>
    public IReadOnlyList<byte[]> LeftOf(OperatorId sink) =>
        [.. Left().Where(one => one.Operator == sink).SelectMany(static one => one.Items)];

    private IEnumerable<OperatorCommittables> Left() => Vertices
        .SelectMany(static vertex => vertex.Subtasks)
        .SelectMany(static subtask => subtask.Finished?.Committables ?? [])
        .Where(static sink => !sink.Items.IsEmpty);

    /// <summary>All files of the job's own directory that it consists of, each once.</summary>
    public ImmutableArray<string> Files() =>
    [
        CheckpointFiles.Metadata(Reference),
        CheckpointFiles.Committed(Reference),
        .. Vertices.SelectMany(static vertex => vertex.Subtasks)
            .SelectMany(static subtask => subtask.State?.Files() ?? [])
            .Distinct(),
    ];
}

/// <summary>The job's side of one source.</summary>
/// <param name="Source">The source operator.</param>
/// <param name="Enumerator">What its enumerator goes on from.</param>
/// <param name="Returned">Splits to be handed out before any others: their readers had not got them.</param>
internal sealed record SourceState(OperatorId Source, byte[] Enumerator, ImmutableArray<byte[]> Returned)
{
    /// <summary>The shape that splits were written with; null in checkpoints of older releases, and where there are
    /// none.</summary>
    public byte[]? Shape { get; init; }
}

/// <summary>What the job's side of one source tells at the beginning of a checkpoint.</summary>
/// <param name="Source">The source operator.</param>
/// <param name="Enumerator">What its enumerator goes on from.</param>
/// <param name="Returned">Splits that were returned to it by a restart and are still to be handed out.</param>
/// <param name="Given">Splits that were handed out and that no completed checkpoint shows as received.</param>
internal sealed record SourceSnapshot(
    OperatorId Source,
    byte[] Enumerator,
    ImmutableArray<byte[]> Returned,
    ImmutableArray<GivenSplit> Given)
{
    /// <summary>The shape that splits are written with; null where that is not told.</summary>
    public byte[]? Shape { get; init; }
}

/// <summary>A split that was handed out.</summary>
/// <param name="Subtask">To whom.</param>
/// <param name="Number">How many splits that reader had been given before.</param>
/// <param name="Split">Its bytes.</param>
internal sealed record GivenSplit(int Subtask, long Number, byte[] Split);
