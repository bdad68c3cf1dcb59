using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Millrace.Local;

namespace Millrace.Commands;

/// <summary>Options that several of the cluster commands have.</summary>
internal static class LocalClusterOption
{
    private const int Most = 10_000;

    /// <summary>Which cluster of this machine.</summary>
    public static Option<string> CreateName()
    {
        var option = new Option<string>("--name", "-n")
        {
            Description = "Name of the cluster.",
            HelpName = "name",
            DefaultValueFactory = _ => ClusterDirectory.DefaultName,
        };
        option.Validators.Add(result =>
        {
            string? name = result.GetValueOrDefault<string>();
            if (name is not null && !ClusterDirectory.IsName(name))
            {
                result.AddError($"--name is '{name}'; 1 to 40 lower-case letters, digits and dashes are needed.");
            }
        });
        return option;
    }

    /// <summary>A whole number from 1.</summary>
    public static Option<int> CreateCount(string name, string description, int defaultValue) => new(name)
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result => Read(name, result) ?? defaultValue,
    };

    /// <summary>A whole number from 1, or nothing.</summary>
    public static Option<int?> CreateOptionalCount(string name, string description, params string[] aliases) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = "number",
            CustomParser = result => Read(name, result),
        };

    private static int? Read(string name, ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= Most)
        {
            return number;
        }

        result.AddError($"{name} is '{text}'; a whole number from 1 to {Most} is needed.");
        return null;
    }
}
