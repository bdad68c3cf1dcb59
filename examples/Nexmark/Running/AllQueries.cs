using Millrace.Examples.Nexmark.Output;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Running;

/// <summary>Runs one query after the other and prints a table: <c>--query all</c>.</summary>
internal static class AllQueries
{
    /// <summary>What stands for all queries on the command line.</summary>
    public const string Name = "all";

    private const string Query = "--query";
    private const string OutputArgument = "output";

    /// <summary>Runs them. With a directory as output, each gets one of its own in it.</summary>
    public static async Task RunAsync(string[] args, TextWriter table)
    {
        var arguments = JobArguments.Parse(args);
        bool hasHeader = false;
        foreach (string query in NexmarkQueries.Names)
        {
            JobHandle job = await StreamJob.SubmitAsync<NexmarkJob>(ArgumentsOf(query, args, arguments));
            if (!hasHeader)
            {
                // Arguments that are wrong have been refused by now.
                await table.WriteLineAsync(QueryFigures.Header);
                hasHeader = true;
            }

            JobResult result = await job.WaitAsync();
            JobDetails details = await job.GetDetailsAsync();
            await table.WriteLineAsync(QueryFigures.Of(query, result, details).ToString());
        }
    }

    private static string[] ArgumentsOf(string query, string[] args, JobArguments arguments)
    {
        string output = arguments.Get(OutputArgument, QueryOutput.Hash);
        if (output is not (QueryOutput.Hash or QueryOutput.Blackhole))
        {
            output = Path.Combine(output, query);
        }

        return [.. Without(Query, Without($"--{OutputArgument}", args)), Query, query, $"--{OutputArgument}", output];
    }

    // As "--name value" or "--name=value".
    private static IEnumerable<string> Without(string name, IEnumerable<string> args)
    {
        bool skips = false;
        foreach (string argument in args)
        {
            bool isValue = skips;
            skips = argument == name;
            if (!isValue && !skips && !argument.StartsWith(name + "=", StringComparison.Ordinal))
            {
                yield return argument;
            }
        }
    }
}
