using Millrace.Functions;
using Millrace.Programs;

namespace Millrace.Connectors;

/// <summary>A subtask of no job, for tests of connectors.</summary>
public sealed class TestRuntimeContext(int subtaskIndex = 0, int parallelism = 1, TimeProvider? time = null)
    : RuntimeContext
{
    private readonly Dictionary<string, Accumulator> _accumulators = [];

    /// <inheritdoc/>
    public override string JobId => JobIdText;

    /// <inheritdoc/>
    public override string JobName => "test";

    /// <inheritdoc/>
    public override string OperatorName => Operator;

    /// <inheritdoc/>
    public override int SubtaskIndex => subtaskIndex;

    /// <inheritdoc/>
    public override int Parallelism => parallelism;

    /// <inheritdoc/>
    public override int MaxParallelism => KeyGroups;

    /// <inheritdoc/>
    public override int AttemptNumber => Attempt;

    /// <inheritdoc/>
    public override JobArguments Arguments => JobArguments;

    /// <inheritdoc/>
    public override string WorkingDirectory => Directory ?? base.WorkingDirectory;

    /// <inheritdoc/>
    public override TimeProvider Time { get; } = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public override CancellationToken CancellationToken => CancellationToken.None;

    /// <summary>The operator's name. Default: Test.</summary>
    public string Operator { get; init; } = "Test";

    /// <summary>The job's id. Default: 32 times the digit one.</summary>
    public string JobIdText { get; init; } = new('1', 32);

    /// <summary>Where relative paths count from. Default: the process's own directory.</summary>
    public string? Directory { get; init; }

    /// <summary>Number of key groups. Default 128.</summary>
    public int KeyGroups { get; init; } = 128;

    /// <summary>The arguments of the job. Default: none.</summary>
    public JobArguments JobArguments { get; init; } = JobArguments.Empty;

    /// <summary>Number of the attempt. Default 0.</summary>
    public int Attempt { get; init; }

    /// <inheritdoc/>
    public override LongCounter Counter(string name) => Accumulator<LongCounter>(name);

    /// <inheritdoc/>
    public override TAccumulator Accumulator<TAccumulator>(string name)
    {
        if (!_accumulators.TryGetValue(name, out Accumulator? accumulator))
        {
            accumulator = new TAccumulator();
            _accumulators.Add(name, accumulator);
        }

        return accumulator as TAccumulator
            ?? throw new InvalidOperationException($"Accumulator '{name}' is a {accumulator.Kind}.");
    }
}
