using System.Text.RegularExpressions;
using System.Xml.Linq;
using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>Every package has its reason in a table of decision 0004, and the table names no other.</summary>
internal sealed partial class PackagesHaveReasons
{
    private const string Versions = "Directory.Packages.props";
    private const string Reasons = "docs/adr/0004-dependencies.md";

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        HashSet<string> used = tree.Find(Versions) is { } versions ? [.. Packages(versions)] : [];
        HashSet<string> explained = tree.Find(Reasons) is { } reasons ? [.. Rows(reasons)] : [];
        IEnumerable<Finding> unexplained = used.Except(explained).Order(StringComparer.Ordinal)
            .Select(package => new Finding(Versions, 0, $"'{package}' has no reason in {Reasons}: give it a row."));
        IEnumerable<Finding> unused = explained.Except(used).Order(StringComparer.Ordinal)
            .Select(package => new Finding(Reasons, 0, $"'{package}' is not in {Versions}: take its row out."));
        return unexplained.Concat(unused);
    }

    private static IEnumerable<string> Packages(SourceFile file) =>
        XDocument.Parse(file.Text).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")?.Value ?? "");

    private static IEnumerable<string> Rows(SourceFile file) =>
        file.Lines.Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups[1].Value);

    // A package, where it is used, and a reason that is not empty.
    [GeneratedRegex(@"^\| `([^`]+)` \|[^|]*\S[^|]*\|[^|]*\S[^|]*\|$")]
    private static partial Regex Row();
}
