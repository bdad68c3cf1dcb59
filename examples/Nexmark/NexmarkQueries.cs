using Millrace.Programs;

namespace Millrace.Examples.Nexmark;

/// <summary>The queries there are: every <see cref="INexmarkQuery"/> of this assembly, so that a new one is a new file
/// and nothing else.</summary>
public static class NexmarkQueries
{
    /// <summary>Their names, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names => [.. Classes.Select(NameOf)];

    private static IEnumerable<Type> Classes =>
        typeof(NexmarkQueries).Assembly.GetTypes()
            .Where(type => type.IsClass && typeof(INexmarkQuery).IsAssignableFrom(type))
            .OrderBy(type => type.Name.Length)
            .ThenBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>A query by its name.</summary>
    /// <exception cref="JobArgumentException">There is none of that name.</exception>
    public static INexmarkQuery Create(string name) =>
        Classes.FirstOrDefault(type => NameOf(type) == name) is { } found
            ? (INexmarkQuery)Activator.CreateInstance(found)!
            : throw new JobArgumentException(
                "query", $"There is no query '{name}'; one of {string.Join(", ", Names)} is needed.");

    private static string NameOf(Type type) => type.Name.ToLowerInvariant();
}
