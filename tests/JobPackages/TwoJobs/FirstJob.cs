using Millrace.DataStream;
using Millrace.Programs;

namespace TwoJobs;

public sealed class FirstJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) => env.SetJobName("first").FromElements(1);
}
