using Millrace.DataStream;
using Millrace.Programs;
using Newtonsoft.Json;
using Shelf;

namespace OtherVersions;

public sealed class LabelJob : IStreamJob
{
    public static void Main()
    {
    }

    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.SetJobName(Label.Text).FromElements(JsonConvert.SerializeObject(Label.Text));
}
