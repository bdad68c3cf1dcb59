using Millrace.Repository;

namespace Millrace.Rooms;

/// <summary>A folder is named after its subject, never after the kind of thing in it.</summary>
internal sealed class RoomNames
{
    private static readonly HashSet<string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        "Abstractions", "Base", "Classes", "Common", "Constants", "Core", "Dto", "Dtos", "Entities", "Enums",
        "Exceptions", "Extensions", "Factories", "Handlers", "Helper", "Helpers", "Impl", "Implementation",
        "Implementations", "Infrastructure", "Interfaces", "Internal", "Internals", "Managers", "Messages", "Misc",
        "Models", "Options", "Providers", "Records", "Services", "Shared", "Structs", "Types", "Util", "Utilities",
        "Utils",
    };

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from folder in tree.Folders.Order(StringComparer.Ordinal)
        let name = folder[(folder.LastIndexOf('/') + 1)..]
        where Kinds.Contains(name)
        select new Finding(folder, 0, $"'{name}' names a kind, not a subject: move its files to their subject.");
}
