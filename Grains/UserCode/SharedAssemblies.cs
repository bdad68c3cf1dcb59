using System.Collections.Frozen;

namespace Millrace.UserCode;

/// <summary>The assemblies a job does not bring itself: it gets those of the process that runs it.</summary>
/// <remarks>
/// A type is the same type on both sides only when both load it from the same place. So whatever a job author can meet
/// in a public signature of ours is shared, and so is what those signatures lead to; a test walks them. The way ends at
/// Orleans, which is shared whole: a job names no type of it, and so not what its signatures show. Everything else, a
/// private dependency of ours included, is the job's own, in the job's own version.
/// </remarks>
internal static class SharedAssemblies
{
    private const string OrleansPrefix = "Orleans.";

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Millrace.Grains.Interfaces",
        "Millrace.Grains",
        "Millrace.Hosting",
        "Microsoft.Extensions.Configuration.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Diagnostics.Abstractions",
        "Microsoft.Extensions.FileProviders.Abstractions",
        "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Primitives");

    private static readonly FrozenSet<string> FrameworkNames = NamesInFramework();

    /// <summary>Whether a job gets the process's own assembly of this name; the framework's are asked for
    /// apart.</summary>
    /// <param name="simpleName">Without extension, version or culture.</param>
    public static bool Contains(string simpleName) =>
        Names.Contains(simpleName) || simpleName.StartsWith(OrleansPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the .NET runtime of this process has an assembly of this name.</summary>
    /// <param name="simpleName">Without extension, version or culture.</param>
    public static bool IsFramework(string simpleName) => FrameworkNames.Contains(simpleName);

    private static FrozenSet<string> NamesInFramework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";
        return folder.Length == 0
            ? FrozenSet<string>.Empty
            : Directory.EnumerateFiles(folder, "*.dll")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
