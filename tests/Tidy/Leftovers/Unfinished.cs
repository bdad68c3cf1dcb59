using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Leftovers;

/// <summary>Nothing throws for want of an implementation, and a note about open work names its issue.</summary>
internal sealed partial class Unfinished
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        tree.CSharp.SelectMany(InCode)
            .Concat(tree.Files.Where(file => file.IsText && !file.IsCSharp && !file.IsMarkdown).SelectMany(InText));

    private static IEnumerable<Finding> InCode(SourceFile file)
    {
        foreach (IdentifierNameSyntax name in file.Root.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.Text == "NotImplementedException")
            {
                yield return new Finding(
                    file.Path, SourceFile.LineOf(name), "Implement it, or throw NotSupportedException and say why.");
            }
        }

        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia())
        {
            if (OpenNote().IsMatch(trivia.ToString()) && !trivia.IsDirective)
            {
                yield return NoteWithoutIssue(file, SourceFile.LineOf(trivia));
            }
        }
    }

    private static IEnumerable<Finding> InText(SourceFile file) =>
        from line in file.Lines.Index()
        where OpenNote().IsMatch(line.Item)
        select NoteWithoutIssue(file, line.Index + 1);

    private static Finding NoteWithoutIssue(SourceFile file, int line) =>
        new(file.Path, line, "Open work without an issue: do it, or write 'TODO #12'.");

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b(?!\s*\(?#\d+)")]
    private static partial Regex OpenNote();
}
