using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>A document has exactly one title, and begins with it.</summary>
internal sealed class PageTitles
{
    public IEnumerable<Finding> Check(SourceTree tree)
    {
        foreach (SourceFile file in tree.Files.Where(file => file.IsMarkdown))
        {
            List<int> titles = new MarkdownPage(file).Titles;
            int first = file.Lines.Index().FirstOrDefault(line => line.Item.Trim().Length > 0).Index + 1;
            if (titles.Count != 1)
            {
                yield return new Finding(file.Path, 0, $"{titles.Count} titles ('# ...'), exactly 1 needed.");
            }
            else if (titles[0] != first)
            {
                yield return new Finding(file.Path, first, $"The title stands in line {titles[0]}: begin with it.");
            }
        }
    }
}
