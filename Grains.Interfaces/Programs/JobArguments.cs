using System.Collections.Immutable;
using System.Globalization;

namespace Millrace.Programs;

/// <summary>The arguments of a job, read from its command line.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>--name=value</c> and <c>--name value</c> give a named argument. A token that starts with two dashes is
/// never the value of the form with a space; write <c>--name=--value</c> for that.</item>
/// <item><c>--name</c> before another name or at the end is a flag.</item>
/// <item>Anything else, <c>-x</c> included, is positional; after a bare <c>--</c> everything is.</item>
/// </list>
/// Names are compared exactly. A name that is given several times counts with its last value. Never changes: the same
/// object may be read from any thread, on the client and on the silos.
/// </remarks>
[GenerateSerializer, Immutable, Alias("millrace.JobArguments")]
public sealed class JobArguments
{
    [Id(0)]
    private readonly ImmutableArray<string> _tokens;

    // Not sent: the receiver reads the tokens again.
    [NonSerialized]
    private ParsedArguments? _parsed;

    private JobArguments(ImmutableArray<string> tokens) => _tokens = tokens;

    /// <summary>No arguments.</summary>
    public static JobArguments Empty { get; } = new([]);

    /// <summary>Arguments that belong to no name, in their order.</summary>
    public IReadOnlyList<string> Positional => Parsed.Positional;

    /// <summary>Names of the arguments and flags given, without dashes, in order of appearance.</summary>
    public IReadOnlyList<string> Names => Parsed.Names;

    private ParsedArguments Parsed => _parsed ??= ParsedArguments.Read(_tokens.IsDefault ? [] : _tokens);

    /// <summary>The value of a named argument.</summary>
    /// <param name="name">Without dashes.</param>
    /// <exception cref="MissingArgumentException">It was not given.</exception>
    /// <exception cref="JobArgumentException">It was given as a flag, without a value.</exception>
    public string this[string name] => ValueOf(name) ?? throw Missing(name);

    /// <summary>Reads the tokens of a command line.</summary>
    /// <param name="args">As <c>Main</c> gets them.</param>
    public static JobArguments Parse(params IEnumerable<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        ImmutableArray<string> tokens = [.. args];
        return tokens.Contains(null!)
            ? throw new ArgumentException("A job argument is null.", nameof(args))
            : new JobArguments(tokens);
    }

    /// <summary>Whether the argument was given, with a value or as a flag.</summary>
    /// <param name="name">Without dashes.</param>
    public bool Has(string name) => Parsed.TryGet(name, out _);

    /// <summary>The value of a named argument, or a default when it was not given.</summary>
    /// <param name="name">Without dashes.</param>
    /// <param name="defaultValue">Used when the argument was not given.</param>
    /// <exception cref="JobArgumentException">It was given as a flag, without a value.</exception>
    public string Get(string name, string defaultValue) => ValueOf(name) ?? defaultValue;

    /// <summary>
    /// Whether a flag is set: given without a value, or with <c>true</c>; false when it was not given.
    /// </summary>
    /// <param name="name">Without dashes.</param>
    /// <exception cref="JobArgumentException">Its value is neither <c>true</c> nor <c>false</c>.</exception>
    public bool GetBoolean(string name) =>
        Parsed.TryGet(name, out string? value)
        && (value is null || (bool.TryParse(value, out bool flag)
            ? flag
            : throw Unreadable(name, value, "true or false")));

    /// <summary>A whole number, from -2147483648 to 2147483647.</summary>
    /// <param name="name">Without dashes.</param>
    /// <param name="defaultValue">Used when the argument was not given; without a default it must be given.</param>
    /// <exception cref="MissingArgumentException">It was not given, and there is no default.</exception>
    /// <exception cref="JobArgumentException">Its value is not such a number.</exception>
    public int GetInt32(string name, int? defaultValue = null) =>
        Get(name, defaultValue, ReadInt32, $"a whole number from {int.MinValue} to {int.MaxValue}");

    /// <summary>A whole number, from -9223372036854775808 to 9223372036854775807.</summary>
    /// <param name="name">Without dashes.</param>
    /// <param name="defaultValue">Used when the argument was not given; without a default it must be given.</param>
    /// <exception cref="MissingArgumentException">It was not given, and there is no default.</exception>
    /// <exception cref="JobArgumentException">Its value is not such a number.</exception>
    public long GetInt64(string name, long? defaultValue = null) =>
        Get(name, defaultValue, ReadInt64, $"a whole number from {long.MinValue} to {long.MaxValue}");

    /// <summary>
    /// A finite number, written with a decimal point whatever the culture, as in <c>0.5</c> or <c>1e-3</c>.
    /// </summary>
    /// <param name="name">Without dashes.</param>
    /// <param name="defaultValue">Used when the argument was not given; without a default it must be given.</param>
    /// <exception cref="MissingArgumentException">It was not given, and there is no default.</exception>
    /// <exception cref="JobArgumentException">Its value is not such a number.</exception>
    public double GetDouble(string name, double? defaultValue = null) =>
        Get(name, defaultValue, ReadDouble, "a number such as 0.5");

    /// <summary>
    /// A length of time: <c>500ms</c>, <c>10s</c>, <c>5min</c>, <c>2h</c>, <c>1d</c> or <c>00:00:10</c>.
    /// </summary>
    /// <param name="name">Without dashes.</param>
    /// <param name="defaultValue">Used when the argument was not given; without a default it must be given.</param>
    /// <exception cref="MissingArgumentException">It was not given, and there is no default.</exception>
    /// <exception cref="JobArgumentException">Its value is not a length of time; a number without a unit is
    /// none.</exception>
    public TimeSpan GetTimeSpan(string name, TimeSpan? defaultValue = null) =>
        Get(name, defaultValue, DurationText.Read, "a length of time such as 500ms, 10s, 5min, 2h, 1d or 00:00:10");

    /// <summary>The tokens as they were given: parsing them again gives equal arguments.</summary>
    public string[] ToArray() => _tokens.IsDefault ? [] : [.. _tokens];

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', ToArray());

    private static int? ReadInt32(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static long? ReadInt64(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    private static double? ReadDouble(string text)
    {
        const NumberStyles Styles =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Styles, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
    }

    private static JobArgumentException Unreadable(string name, string value, string needed) =>
        new(name, $"The argument '--{name}' is '{value}'; {needed} is needed.");

    private T Get<T>(string name, T? defaultValue, Func<string, T?> read, string needed)
        where T : struct
    {
        string? value = ValueOf(name);
        if (value is null)
        {
            return defaultValue ?? throw Missing(name);
        }

        return read(value) ?? throw Unreadable(name, value, needed);
    }

    private string? ValueOf(string name)
    {
        if (!Parsed.TryGet(name, out string? value))
        {
            return null;
        }

        return value ?? throw new JobArgumentException(
            name, $"The argument '--{name}' was given without a value; write '--{name} <value>'.");
    }

    private MissingArgumentException Missing(string name)
    {
        string given = Names.Count == 0 ? "none" : string.Join(", ", Names.Select(known => "--" + known));
        return new MissingArgumentException(
            name, $"The argument '--{name}' is missing; write '--{name} <value>'. Named arguments given: {given}.");
    }
}
