using System.CommandLine;

namespace Millrace.Commands;

/// <summary>The option that says where a savepoint goes.</summary>
internal static class SavepointPath
{
    public static Option<string?> Create(string alias = "-p") => new("--savepoint-path", alias)
    {
        Description = "Where the folder of the savepoint is made: a path that all silos see, or a URI. [default: the "
            + "cluster's]",
        HelpName = "directory",
    };
}
