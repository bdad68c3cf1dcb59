using System.CommandLine;

namespace Millrace.Connections;

/// <summary>A setting given on the command line: <c>-D key=value</c>.</summary>
internal static class Setting
{
    private const string Prefix = "Millrace:";

    /// <summary>The option that takes any number of them.</summary>
    public static Option<string[]> CreateOption() => new("-D")
    {
        Description = "A setting, such as Clustering:Provider=Redis; may be given several times.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Reads a setting. The key may leave out <c>Millrace:</c>, and have two underscores for a
    /// colon.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static KeyValuePair<string, string?> Parse(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new UsageException($"-D is '{setting}'; key=value is needed, such as -D Clustering:Provider=Redis.");
        }

        string key = setting[..equals].Replace("__", ":", StringComparison.Ordinal);
        bool isWhole = key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        return new KeyValuePair<string, string?>(isWhole ? key : Prefix + key, setting[(equals + 1)..]);
    }
}
