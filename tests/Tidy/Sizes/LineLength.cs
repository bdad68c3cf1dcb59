using Millrace.Repository;

namespace Millrace.Sizes;

/// <summary>A line of code has at most 120 columns.</summary>
internal sealed class LineLength
{
    public const int Limit = 120;

    private static readonly HashSet<string> Extensions = [".cs", ".ts", ".tsx", ".js", ".mjs", ".sh"];

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        foreach (SourceFile file in tree.Files)
        {
            if (!Extensions.Contains(file.Extension) && !(file.IsText && file.IsScript))
            {
                continue;
            }

            for (int index = 0; index < file.Lines.Count; index++)
            {
                int columns = file.Lines[index].EnumerateRunes().Count();
                if (columns > Limit)
                {
                    yield return new Finding(
                        file.Path, index + 1, $"{columns} columns, {Limit} allowed: break the line.");
                }
            }
        }
    }
}
