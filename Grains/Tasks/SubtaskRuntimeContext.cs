using Millrace.Functions;
using Millrace.Programs;

namespace Millrace.Tasks;

/// <summary>What the functions of one operator see of their subtask.</summary>
internal sealed class SubtaskRuntimeContext(
    SubtaskInfo subtask,
    string operatorName,
    SubtaskAccumulators accumulators,
    TimeProvider time,
    CancellationToken stop)
    : RuntimeContext
{
    public override string JobId { get; } = subtask.Attempt.Job.ToString();

    public override string JobName => subtask.JobName;

    public override string OperatorName => operatorName;

    public override int SubtaskIndex => subtask.Attempt.Subtask;

    public override int Parallelism => subtask.Vertex.Parallelism;

    public override int MaxParallelism => subtask.Vertex.MaxParallelism;

    public override int AttemptNumber => subtask.Attempt.Attempt;

    public override JobArguments Arguments => subtask.Arguments;

    public override string WorkingDirectory => subtask.WorkingDirectory;

    public override TimeProvider Time => time;

    public override CancellationToken CancellationToken => stop;

    public override LongCounter Counter(string name) => accumulators.Get<LongCounter>(name);

    public override TAccumulator Accumulator<TAccumulator>(string name) => accumulators.Get<TAccumulator>(name);
}
