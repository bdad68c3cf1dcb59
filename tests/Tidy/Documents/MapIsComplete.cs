using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>Every room of the libraries is a box on the map, linked from docs/architecture.md.</summary>
internal sealed class MapIsComplete
{
    private const string Map = "docs/architecture.md";

    private static readonly HashSet<string> Libraries = ["Grains.Interfaces", "Grains", "Hosting"];

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        HashSet<string> linked = tree.Find(Map) is { } map
            ? [.. new MarkdownPage(map).Links.Select(link => SourceTree.Resolve(map.Folder, link.Target))]
            : [];

        return
            from room in tree.Folders.Order(StringComparer.Ordinal)
            where IsRoom(room) && !linked.Contains(room)
            select new Finding(Map, 0, $"It has no link to '{room}': say in a line what that room is for.");
    }

    private static bool IsRoom(string folder)
    {
        string[] parts = folder.Split('/');
        return parts.Length == 2 && Libraries.Contains(parts[0]);
    }
}
