using System.CommandLine;

namespace Millrace.Commands;

/// <summary>The argument that names a job.</summary>
internal static class JobArgument
{
    public static Argument<string> Create() => new("job")
    {
        Description = "Id of the job, or as many of its first digits as make it unique.",
    };
}
