using System.CommandLine;
using Millrace.Local;

namespace Millrace.Connections;

/// <summary>The options with which a command says which cluster it is for.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "A cluster of this machine. [default: the one the settings name, or 'default']",
        HelpName = "name",
    };

    private readonly Option<string[]> _settings = Setting.CreateOption();

    public void AddTo(Command command)
    {
        command.Options.Add(_cluster);
        command.Options.Add(_settings);
    }

    /// <exception cref="UsageException">A word is not a name, or not a setting.</exception>
    public ClusterChoice Choose(ParseResult words)
    {
        string? name = words.GetValue(_cluster);
        return name is null || ClusterDirectory.IsName(name)
            ? ClusterChoice.Of(name, words.GetValue(_settings) ?? [])
            : throw new UsageException(
                $"'{name}' is no name of a cluster: 1 to 40 lower-case letters, digits and dashes are needed, the "
                + "first no dash.");
    }
}
