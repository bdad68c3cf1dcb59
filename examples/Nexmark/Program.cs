using Millrace.Examples.Nexmark;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Running;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Programs;

try
{
    string query = JobArguments.Parse(args)["query"];
    if (query == AllQueries.Name)
    {
        await AllQueries.RunAsync(args, Console.Out);
        return 0;
    }

    JobResult result = await StreamJob.ExecuteAsync<NexmarkJob>(args);
    Console.WriteLine(ResultLine.Of(query, result));
    return 0;
}
catch (StreamingException failure)
{
    Console.Error.WriteLine(failure.Message);
    return failure is JobArgumentException ? 2 : 1;
}
