using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Millrace.Execution.Settings;

/// <summary>A section of a silo's settings: bound to its options, and held to what the class says of them. Whatever is
/// wrong is told by key, value and what is needed, all of it at once.</summary>
internal static class SettingSections
{
    /// <summary>Binds a section, and checks it when the host starts.</summary>
    /// <param name="services">Of the silo.</param>
    /// <param name="configuration">All settings.</param>
    /// <param name="path">Of the section.</param>
    /// <param name="others">Sections within it that have options of their own.</param>
    public static void AddSection<T>(
        this IServiceCollection services, IConfiguration configuration, string path, params string[] others)
        where T : class
    {
        IConfigurationSection section = configuration.GetSection(path);
        services.AddOptions<T>()
            .Configure(options =>
            {
                Require<T>(section, others);
                section.Bind(options);
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new SettingBounds<T>(path));
    }

    /// <summary>Checks that each key is one, and each text a value.</summary>
    /// <param name="section">Holds the settings of the options and of nothing else.</param>
    /// <param name="others">Sections within it that have options of their own.</param>
    /// <exception cref="OptionsValidationException">One is not.</exception>
    public static void Require<T>(IConfigurationSection section, params string[] others) =>
        Require(typeof(T), section, others);

    /// <summary>Checks that each text is a value, in a section that several options share.</summary>
    /// <exception cref="OptionsValidationException">One is not.</exception>
    public static void RequireValues<T>(IConfigurationSection section) => Require(typeof(T), section, others: null);

    private static void Require(Type type, IConfigurationSection section, string[]? others)
    {
        List<string> failures = [];
        Check(type, section, others, failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(section.Path, type, failures);
        }
    }

    private static void Check(Type type, IConfigurationSection section, string[]? others, List<string> failures)
    {
        PropertyInfo[] settings =
        [
            .. type.GetProperties().Where(
                property => property.CanWrite || property.PropertyType.Assembly == type.Assembly),
        ];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? setting = Array.Find(
                settings, one => one.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (setting is null)
            {
                if (others?.Contains(child.Key, StringComparer.OrdinalIgnoreCase) == false)
                {
                    failures.Add($"{child.Path} is no setting; {section.Path} has "
                        + $"{string.Join(", ", settings.Select(static one => one.Name))}.");
                }
            }
            else if (child.Value is { Length: > 0 } text)
            {
                CheckText(setting, child.Path, text, failures);
            }
            else if (setting.PropertyType.Assembly == type.Assembly)
            {
                Check(setting.PropertyType, child, [], failures);
            }
        }
    }

    private static void CheckText(PropertyInfo setting, string path, string text, List<string> failures)
    {
        Type type = Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType;
        if (IsValue(type, text))
        {
            return;
        }

        string bounds = setting.GetCustomAttribute<RangeAttribute>() is { } range
            ? $" from {range.Minimum} to {range.Maximum}"
            : "";
        failures.Add($"{path} is '{text}'; {Needed(type)}{bounds} is needed.");
    }

    private static bool IsValue(Type type, string text)
    {
        if (type.IsEnum)
        {
            return Enum.TryParse(type, text, ignoreCase: true, out _);
        }

        TypeConverter converter = TypeDescriptor.GetConverter(type);
        return !converter.CanConvertFrom(typeof(string)) || converter.IsValid(text);
    }

    private static string Needed(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(TimeSpan) => "a time such as 00:00:30 (hours, minutes, seconds)",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(double) => "a number",
        _ => "a whole number",
    };
}
