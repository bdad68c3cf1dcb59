using Millrace.DataStream;
using Millrace.Programs;

namespace NoJob;

public struct StructJob : IStreamJob
{
    public readonly void Define(StreamExecutionEnvironment env, JobArguments args) => env.FromElements(1);
}
