using Millrace.DataStream;

namespace Millrace.Programs;

/// <summary>A program: what turns arguments into a dataflow.</summary>
/// <remarks>
/// <see cref="Define"/> runs once where the job is submitted, which fixes the plan, and then once per subtask attempt
/// on the silos, where each takes its own functions by operator id. It must therefore be pure: the same arguments
/// give the same graph, and whatever it needs from outside comes through the arguments. A public or internal class
/// with a parameterless constructor.
/// </remarks>
public interface IStreamJob
{
    /// <summary>Builds the dataflow on <paramref name="env"/>; starts nothing.</summary>
    /// <param name="env">Collects the transformations.</param>
    /// <param name="args">The arguments the job was submitted with.</param>
    void Define(StreamExecutionEnvironment env, JobArguments args);
}
