using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Millrace.Repository;

namespace Millrace.PublicApi;

/// <summary>
/// What a job author sees is documented: the compiler refuses a public member of Grains.Interfaces without XML
/// documentation (CS1591), and nothing switches that off.
/// </summary>
internal sealed class DocumentationIsRequired
{
    private const string Rule = "CS1591";
    private const string Project = "Grains.Interfaces";
    private const string Settings = Project + "/.editorconfig";
    private const string BuildFile = "Directory.Build.props";

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        if (!HasLine(tree, Settings, $"dotnet_diagnostic.{Rule}.severity = error"))
        {
            yield return new Finding(Settings, 0, $"{Rule} must be an error here.");
        }

        foreach (string property in (string[])["GenerateDocumentationFile", "TreatWarningsAsErrors"])
        {
            if (!HasLine(tree, BuildFile, $"<{property}>true</{property}>"))
            {
                yield return new Finding(BuildFile, 0, $"{property} must be true, else {Rule} is not looked for.");
            }
        }

        foreach (SourceFile file in tree.Files.Where(file => file.IsUnder(Project) || file.Path == BuildFile))
        {
            foreach (int line in SwitchedOff(file))
            {
                yield return new Finding(file.Path, line, $"It switches {Rule} off: document the member instead.");
            }
        }
    }

    private static bool HasLine(SourceTree tree, string path, string line) =>
        tree.Find(path)?.Lines.Any(seen => seen.Trim() == line) ?? false;

    private static IEnumerable<int> SwitchedOff(SourceFile file)
    {
        if (file.IsCSharp)
        {
            return file.Root.DescendantTrivia(descendIntoTrivia: true)
                .Where(trivia => trivia.IsDirective && IsDisabling(trivia.ToString()))
                .Select(SourceFile.LineOf);
        }

        if (file.Extension is ".csproj" or ".props" or ".targets")
        {
            return XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants()
                .Where(element => element.Name.LocalName is "NoWarn" or "WarningsNotAsErrors" && Names(element.Value))
                .Select(element => ((System.Xml.IXmlLineInfo)element).LineNumber);
        }

        return [];
    }

    private static bool IsDisabling(string directive) =>
        directive.Contains("pragma warning disable", StringComparison.Ordinal)
        && (Names(directive) || directive.Trim().EndsWith("disable", StringComparison.Ordinal));

    private static bool Names(string text) => text.Contains("1591", StringComparison.Ordinal);
}
