using Millrace.DataStream;
using Millrace.Programs;

namespace Troubles;

/// <summary>Has a <c>Define</c> that never comes back; it makes a file when it begins.</summary>
public sealed class NeverDefinedJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        File.WriteAllText(args["begun"], "");
        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}
