using Millrace.DataStream;
using Millrace.Programs;

namespace TwoJobs;

public sealed class SecondJob : IStreamJob
{
    private SecondJob()
    {
    }

    public void Define(StreamExecutionEnvironment env, JobArguments args) => env.SetJobName("second").FromElements(2);
}
