using System.Collections.Immutable;

namespace Millrace.Programs;

/// <summary>What the tokens of a command line mean; the rules stand at <see cref="JobArguments"/>.</summary>
internal sealed class ParsedArguments
{
    private const string Dashes = "--";

    private readonly Dictionary<string, string?> _named = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<string> _positional = [];

    private ParsedArguments()
    {
    }

    public IReadOnlyList<string> Names => _names;

    public IReadOnlyList<string> Positional => _positional;

    public static ParsedArguments Read(ImmutableArray<string> tokens)
    {
        var parsed = new ParsedArguments();
        for (int index = 0; index < tokens.Length; index++)
        {
            string token = tokens[index];
            if (token == Dashes)
            {
                parsed._positional.AddRange(tokens[(index + 1)..]);
                break;
            }

            if (!token.StartsWith(Dashes, StringComparison.Ordinal))
            {
                parsed._positional.Add(token);
                continue;
            }

            int equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                parsed.Add(token[Dashes.Length..equals], token[(equals + 1)..]);
                continue;
            }

            bool valueFollows = index + 1 < tokens.Length
                && !tokens[index + 1].StartsWith(Dashes, StringComparison.Ordinal);
            parsed.Add(token[Dashes.Length..], valueFollows ? tokens[++index] : null);
        }

        return parsed;
    }

    /// <param name="name">Without dashes.</param>
    /// <param name="value">Null for a flag.</param>
    public bool TryGet(string name, out string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _named.TryGetValue(name, out value);
    }

    private void Add(string name, string? value)
    {
        if (name.Length == 0)
        {
            throw new JobArgumentException(name, $"The argument '--={value}' has no name; write '--name=value'.");
        }

        if (_named.TryAdd(name, value))
        {
            _names.Add(name);
            return;
        }

        _named[name] = value;
    }
}
