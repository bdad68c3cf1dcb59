using Millrace.Examples.Nexmark;
using Millrace.Examples.Nexmark.Output;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Programs;

try
{
    JobResult result = await StreamJob.ExecuteAsync<NexmarkJob>(args);
    Console.WriteLine(ResultLine.Of(JobArguments.Parse(args)["query"], result));
    return 0;
}
catch (StreamingException failure)
{
    Console.Error.WriteLine(failure.Message);
    return failure is JobArgumentException ? 2 : 1;
}
