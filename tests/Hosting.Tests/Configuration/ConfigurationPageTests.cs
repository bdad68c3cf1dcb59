using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Millrace.Jobs;

namespace Millrace.Configuration;

/// <summary>The page of settings against the classes that hold them.</summary>
[TestClass]
public sealed class ConfigurationPageTests
{
    [TestMethod]
    public void Every_setting_with_bounds_is_on_the_page()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "configuration.md"));
        string[] settings =
        [
            .. new[] { typeof(JobOptions).Assembly, typeof(PackageStoreOptions).Assembly }
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !IsOfAProgram(type))
                .SelectMany(type => type.GetProperties())
                .Where(property => property.GetCustomAttribute<RangeAttribute>() is not null)
                .Select(property => property.Name)
                .Distinct(),
        ];

        Assert.IsGreaterThan(30, settings.Length, "there must be some, or this test shows nothing");
        string[] missing = [.. settings.Where(name => !page.Contains($"| `{name}` |", StringComparison.Ordinal))];
        Assert.IsEmpty(missing, string.Join(", ", missing));
    }

    // Set by a program in its code, not by whoever runs a silo.
    private static bool IsOfAProgram(Type type) =>
        type.Namespace!.StartsWith("Millrace.Connectors", StringComparison.Ordinal)
        || type.Namespace is "Millrace.Programs" or "Millrace.InProcess" or "Millrace.Local";

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
