using Microsoft.CodeAnalysis;
using Millrace.Repository;

namespace Millrace.Layers;

/// <summary>Who may know whom among the rooms of <c>Grains</c>, as docs/architecture.md draws it.</summary>
/// <remarks>
/// Namespaces are shared with the contracts (<c>Millrace.Tasks</c> is one subject in two projects), so it is the
/// meaning of each name that counts, not the <c>using</c> line. A known room is known by its own folder only; a room
/// inside it (<c>Tasks/Input</c>) is nobody else's business, unless the table writes it with a trailing <c>/</c>.
/// </remarks>
internal sealed class GrainsLayers
{
    private const string Project = "Grains";

    private static readonly string[] Ground = ["Serialization/", "Batches/", "Metrics/", "Execution/", "Functions"];

    // Where files are kept that outlive processes.
    private static readonly string[] Files = ["Storage/", "Execution/Files"];

    private static readonly string[] Control =
    [
        "Jobs/", "Slots/", "Checkpointing/", "Tasks", "Tasks/Reporting", "Serialization", "Metrics", "Execution",
        "Execution/Settings", .. Files,
    ];

    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        // The control plane knows ids and contracts, and of the data plane the door of Tasks; no operators, no buffers.
        ["Jobs"] = [.. Control, "UserCode"],
        ["Slots"] = Control,
        ["Checkpointing"] = Control,
        // Puts input, chain, output and mailbox together; the task manager answers for its silo's slots.
        ["Tasks"] =
        [
            "Slots", "Checkpointing/Storage", "Operators/", "Connectors/", "Network/", "State/", "UserCode", .. Ground,
        ],
        // What is done to records.
        ["Operators"] = ["Connectors/", "State/", .. Ground],
        ["Connectors"] = ["Operators/", "State/", .. Ground],
        // How records travel and where they rest: nothing of operators, nothing of each other.
        ["Network"] = Ground,
        ["State"] = Ground,
        // Loads a job's package and runs its program: below whoever asks for that.
        ["UserCode"] = ["Serialization", "Metrics", "Execution", .. Files],
        ["Serialization"] = Ground,
        ["Batches"] = Ground,
        ["Functions"] = Ground,
        ["Metrics"] = Ground,
        ["Execution"] = Ground,
        ["Storage"] = ["Execution/"],
    };

    public IEnumerable<Finding> Check(SourceTree tree) => Check(ProductCode.Of(tree));

    private static IEnumerable<Finding> Check(ProductCode code)
    {
        foreach (SourceFile file in code.Files.Where(file => file.IsUnder(Project)))
        {
            string room = RoomOf(file.Path);
            if (!MayKnow.TryGetValue(room, out string[]? known))
            {
                yield return new Finding(
                    file.Path, 0, $"'{room}' is no room of Grains: give it a place in the layers (GrainsLayers.cs).");
                continue;
            }

            foreach (Finding finding in Strangers(file, room, known, code).Distinct())
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> Strangers(SourceFile file, string room, string[] known, ProductCode code) =>
        from name in code.NamesIn(file)
        let type = ProductCode.TypeOf(name.Meaning)
        from declaration in type?.DeclaringSyntaxReferences.Take(1) ?? []
        let folder = FolderInGrains(declaration.SyntaxTree.FilePath)
        where folder is not null && !IsKnown(folder, room, known)
        select new Finding(
            file.Path, SourceFile.LineOf(name.Node), $"{room} may not know '{type.Name}' of {Project}/{folder}.");

    private static bool IsKnown(string folder, string room, string[] known) =>
        IsIn(folder, room) || known.Any(door => door.EndsWith('/') ? IsIn(folder, door[..^1]) : folder == door);

    private static bool IsIn(string folder, string room) =>
        folder == room || folder.StartsWith(room + "/", StringComparison.Ordinal);

    private static string RoomOf(string path)
    {
        string folder = FolderInGrains(path) ?? "";
        return folder.Split('/')[0];
    }

    private static string? FolderInGrains(string path) =>
        path.StartsWith(Project + "/", StringComparison.Ordinal)
            ? path[(Project.Length + 1)..Math.Max(Project.Length + 1, path.LastIndexOf('/'))]
            : null;
}
