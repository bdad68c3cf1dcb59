using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Millrace.Commands;

/// <summary>Prints the version of Millrace, whatever process it is part of.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>Gives the option of the root command this action.</summary>
    public static void ReplaceIn(RootCommand root) =>
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();

    public override int Invoke(ParseResult parseResult)
    {
        string? version = typeof(VersionAction).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"millrace {version}");
        return ExitCodes.Success;
    }
}
