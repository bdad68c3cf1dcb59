using System.CommandLine;
using Millrace.Programs;

namespace Millrace.Commands;

/// <summary>How a command names the program it is about.</summary>
internal sealed class ProgramOptions
{
    public Argument<string> Program { get; } = CreateProgram();

    public Option<string?> ClassName { get; } = new("--class", "-c")
    {
        Description = "Job class to run, instead of the program's Main. [default: Main, else the only job class]",
        HelpName = "name",
    };

    public Option<int?> Parallelism { get; } = LocalClusterOption.CreateOptionalCount(
        "--parallelism",
        "Parallelism of operators that do not say their own. [default: 1; inside this command: number of cores]",
        "-p");

    /// <summary>Finds the program, builds it where needed, and loads it.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="progress">Told that building takes a while.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ClientProgram> LoadAsync(ParseResult words, TextWriter progress, CancellationToken cancellationToken)
    {
        string path = words.GetRequiredValue(Program);
        if (path.EndsWith("proj", StringComparison.OrdinalIgnoreCase)
            || (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.*proj").Any()))
        {
            progress.WriteLine($"Building {path} ...");
        }

        return ClientProgram.LoadAsync(path, new PublishOptions(), cancellationToken);
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(Program);
        command.Options.Add(Parallelism);
        command.Options.Add(ClassName);
    }

    private static Argument<string> CreateProgram()
    {
        var argument = new Argument<string>("program")
        {
            Description =
                "A project folder or .csproj (is published), a published folder, the .dll in it, or a package (.zip).",
        };
        argument.Validators.Add(result =>
        {
            // The parser takes an option it does not know for an argument.
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith('-'))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no option of this command.");
            }
        });
        return argument;
    }
}
