using Millrace.Repository;

namespace Millrace.Rooms;

/// <summary>A folder holds at most 25 source files of its own; those in folders inside it do not count.</summary>
internal sealed class RoomSize
{
    public const int Limit = 25;

    private static readonly HashSet<string> Extensions = [".cs", ".ts", ".tsx", ".js", ".mjs"];

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.Files
        where Extensions.Contains(file.Extension)
        group file by file.Folder into room
        where room.Count() > Limit
        select new Finding(room.Key, 0, $"{room.Count()} source files, {Limit} allowed: divide it by subject.");
}
