using System.Text.RegularExpressions;
using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>A relative link leads to a file, a folder or a heading that is there.</summary>
internal sealed partial class PageLinks
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.Files
        where file.IsMarkdown
        from link in new MarkdownPage(file).Links
        where !HasScheme().IsMatch(link.Target)
        let problem = ProblemOf(file, link.Target, tree)
        where problem is not null
        select new Finding(file.Path, link.Line, problem);

    private static string? ProblemOf(SourceFile file, string target, SourceTree tree)
    {
        if (target.StartsWith('/'))
        {
            return $"'{target}' is an absolute path: write it from this file's folder.";
        }

        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0
            ? file.Path
            : SourceTree.Resolve(file.Folder, Uri.UnescapeDataString(parts[0]));
        if (!tree.HasFile(path) && !tree.HasFolder(path))
        {
            return $"'{target}' leads nowhere: there is no '{path}'.";
        }

        bool isLost = parts.Length == 2
            && tree.Find(path) is { IsMarkdown: true } page
            && !new MarkdownPage(page).Anchors.Contains(parts[1]);
        return isLost ? $"'{target}' leads nowhere: '{path}' has no heading for '#{parts[1]}'." : null;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex HasScheme();
}
