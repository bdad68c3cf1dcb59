using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.UserCode;

namespace Millrace.Programs;

/// <summary>A program that was defined once, with its plan: what is to be known of both is asked of one and the
/// same.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Environment">What the program was defined on; its functions are not in use.</param>
/// <param name="Arguments">The arguments it was given.</param>
internal sealed record DefinedJob(JobGraph Plan, StreamExecutionEnvironment Environment, JobArguments Arguments)
{
    /// <summary>Runs the program's <c>Define</c> once.</summary>
    /// <param name="jobClass">The job.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="defaultParallelism">Of operators that do not say their own, from 1.</param>
    /// <exception cref="Failures.StreamingException">The program cannot run; the message says what and why.</exception>
    public static DefinedJob Of(Type jobClass, string[] args, int defaultParallelism)
    {
        var arguments = JobArguments.Parse(args);
        StreamExecutionEnvironment environment = JobProgram.Of(jobClass).Define(arguments);
        return new DefinedJob(
            JobCompiler.Compile(environment, jobClass.Name, defaultParallelism), environment, arguments);
    }
}
