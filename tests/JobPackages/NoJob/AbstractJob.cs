using Millrace.DataStream;
using Millrace.Programs;

namespace NoJob;

public abstract class AbstractJob : IStreamJob
{
    public abstract void Define(StreamExecutionEnvironment env, JobArguments args);
}
