using Millrace.DataStream;
using Millrace.Programs;

namespace NoJob;

public static class Outer
{
    public static IStreamJob Hidden => new HiddenJob();

    private sealed class HiddenJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) => env.FromElements(1);
    }
}
