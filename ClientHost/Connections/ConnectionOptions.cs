using System.CommandLine;

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
        try
        {
            return ClusterChoice.Of(words.GetValue(_cluster), words.GetValue(_settings) ?? []);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }
}
