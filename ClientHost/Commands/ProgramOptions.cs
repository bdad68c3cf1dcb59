using System.CommandLine;

namespace Millrace.Commands;

/// <summary>How a command names the program it is about.</summary>
internal sealed class ProgramOptions
{
    public Argument<string> Program { get; } = new("program")
    {
        Description =
            "A project folder or .csproj (is published), a published folder, the .dll in it, or a package (.zip).",
    };

    public Option<string?> ClassName { get; } = new("--class", "-c")
    {
        Description = "Job class to run, instead of the program's Main. [default: Main, else the only job class]",
        HelpName = "name",
    };

    public Option<int?> Parallelism { get; } = LocalClusterOption.CreateOptionalCount(
        "--parallelism",
        "Parallelism of operators that do not say their own. [default: 1; inside this command: number of cores]",
        "-p");

    public void AddTo(Command command)
    {
        command.Arguments.Add(Program);
        command.Options.Add(Parallelism);
        command.Options.Add(ClassName);
    }
}
