using System.Xml.Linq;
using Millrace.Repository;

namespace Millrace.Layers;

/// <summary>Projects refer to each other in one direction, and each of them is part of the solution.</summary>
internal sealed class ProjectDirection
{
    private const string Solution = "Orleans.sln";

    private static readonly Dictionary<string, string[]> MayRefer = new()
    {
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces"],
        ["Hosting"] = ["Grains", "Grains.Interfaces"],
        ["Silo"] = ["Hosting", "Grains", "Grains.Interfaces"],
        // The command line starts the silo program that stands beside it; it calls nothing in it.
        ["ClientHost"] = ["Hosting", "Silo", "Grains.Interfaces"],
    };

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        string solution = tree.Find(Solution)?.Text.Replace('\\', '/') ?? "";
        foreach (SourceFile project in tree.Files.Where(file => file.Extension == ".csproj"))
        {
            if (!solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
            {
                yield return new Finding(project.Path, 0, $"It is not part of {Solution}: nothing builds or tests it.");
            }

            foreach (string reference in References(project))
            {
                if (!Allows(project, reference))
                {
                    yield return new Finding(
                        project.Path,
                        0,
                        $"It may not refer to '{reference}': Grains.Interfaces <- Grains <- Hosting <- programs.");
                }
            }
        }
    }

    private static bool Allows(SourceFile project, string reference)
    {
        string name = Path.GetFileNameWithoutExtension(project.Path);
        string target = Path.GetFileNameWithoutExtension(reference);
        if (project.IsTest)
        {
            return true;
        }

        if (project.IsUnder("examples"))
        {
            return target is "Hosting" or "Grains.Interfaces"
                || reference.StartsWith("Connectors/", StringComparison.Ordinal);
        }

        if (project.IsUnder("Connectors"))
        {
            return target == "Grains.Interfaces";
        }

        return MayRefer.TryGetValue(name, out string[]? targets) && targets.Contains(target)
            && reference == $"{target}/{target}.csproj";
    }

    private static IEnumerable<string> References(SourceFile project) =>
        XDocument.Parse(project.Text).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")?.Value ?? "")
            .Select(path => SourceTree.Resolve(project.Folder, path.Replace('\\', '/')));
}
