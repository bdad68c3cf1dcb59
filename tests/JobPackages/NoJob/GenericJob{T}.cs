using Millrace.DataStream;
using Millrace.Programs;

namespace NoJob;

public sealed class GenericJob<T> : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) => env.FromElements<T>();
}
