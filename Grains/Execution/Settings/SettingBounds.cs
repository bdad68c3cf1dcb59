using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Millrace.Execution.Settings;

/// <summary>Holds options to the attributes of their class.</summary>
/// <param name="path">The section they come from.</param>
internal sealed class SettingBounds<T>(string path) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        List<string> failures = [];
        foreach (PropertyInfo setting in typeof(T).GetProperties())
        {
            object? value = setting.GetValue(options);
            foreach (ValidationAttribute rule in setting.GetCustomAttributes<ValidationAttribute>())
            {
                if (!rule.IsValid(value))
                {
                    string said = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                    failures.Add($"{path}:{setting.Name} is '{said}'; {Needed(rule, setting)}.");
                }
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Needed(ValidationAttribute rule, PropertyInfo setting) => rule switch
    {
        RangeAttribute range => string.Create(
            CultureInfo.InvariantCulture, $"from {range.Minimum} to {range.Maximum} is possible"),
        EnumDataTypeAttribute values => $"one of {string.Join(", ", Enum.GetNames(values.EnumType))} is needed",
        RequiredAttribute => "a value is needed",
        _ => rule.FormatErrorMessage(setting.Name),
    };
}
