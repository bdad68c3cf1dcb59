using Millrace.DataStream;
using Millrace.Programs;

namespace OneJob;

internal sealed class CountingJob : IStreamJob
{
    private static int _defined;

    /// <summary>Statics are shared by all subtasks of a job on a silo, and by nobody else.</summary>
    public static int Defined => _defined;

    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        Interlocked.Increment(ref _defined);
        string name = args.Get("name", "counting");
        env.SetJobName(name)
            .FromElements(new Word("water"), new Word("wheel"))
            .Map(word => word with { Text = word.Text + name });
    }
}
