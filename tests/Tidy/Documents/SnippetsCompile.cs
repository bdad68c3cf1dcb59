using Microsoft.CodeAnalysis;
using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>C# shown in a document compiles against the product as it is now.</summary>
/// <remarks>Bound against the sources: what only a package knows cannot be shown this way, and need not be.</remarks>
internal sealed class SnippetsCompile
{
    public IEnumerable<Finding> Check(SourceTree tree)
    {
        var code = ProductCode.Of(tree);
        return
            from page in tree.Files
            where page.IsMarkdown
            from snippet in new MarkdownPage(page).Snippets
            where snippet.Language is "csharp" or "cs"
            let file = new SourceFile(page.Path, () => snippet.Code)
            from error in code.ErrorsIn(file)
            select new Finding(
                page.Path,
                snippet.Line + error.Location.GetLineSpan().StartLinePosition.Line,
                $"{error.Id}: {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
    }
}
