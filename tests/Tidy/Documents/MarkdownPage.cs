using System.Text;
using System.Text.RegularExpressions;
using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>A Markdown file, read as far as its headings and links go. What stands in code is neither.</summary>
internal sealed partial class MarkdownPage
{
    public MarkdownPage(SourceFile file)
    {
        string? fence = null;
        for (int index = 0; index < file.Lines.Count; index++)
        {
            string line = file.Lines[index];
            Match mark = Fence().Match(line);
            if (mark.Success && (fence is null || mark.Groups[1].Value.StartsWith(fence, StringComparison.Ordinal)))
            {
                fence = fence is null ? mark.Groups[1].Value : null;
            }
            else if (fence is null)
            {
                Read(InlineCode().Replace(line, ""), line, index + 1);
            }
        }
    }

    /// <summary>Lines with a heading of the first level.</summary>
    public List<int> Titles { get; } = [];

    /// <summary>What a link may name behind <c>#</c>.</summary>
    public HashSet<string> Anchors { get; } = [];

    public List<(int Line, string Target)> Links { get; } = [];

    private void Read(string prose, string line, int number)
    {
        Match heading = Heading().Match(line);
        if (heading.Success)
        {
            AddAnchor(heading.Groups[2].Value);
            if (heading.Groups[1].Length == 1)
            {
                Titles.Add(number);
            }
        }

        foreach (Match link in InlineLink().Matches(prose).Concat(LinkDefinition().Matches(prose)))
        {
            Links.Add((number, link.Groups[1].Value.Trim('<', '>')));
        }

        foreach (Match anchor in HtmlAnchor().Matches(prose))
        {
            Anchors.Add(anchor.Groups[1].Value);
        }
    }

    // As the usual renderers do it: lower case, letters and digits kept, spaces to dashes, repeated ones numbered.
    private void AddAnchor(string heading)
    {
        StringBuilder text = new();
        foreach (char letter in InlineLink().Replace(heading, match => match.Value.Split(']')[0].Trim('[', '!')))
        {
            if (letter == ' ')
            {
                text.Append('-');
            }
            else if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
            {
                text.Append(char.ToLowerInvariant(letter));
            }
        }

        string anchor = text.ToString();
        for (int copy = 1; !Anchors.Add(anchor); copy++)
        {
            anchor = $"{text}-{copy}";
        }
    }

    [GeneratedRegex(@"^ {0,3}(`{3,}|~{3,})")]
    private static partial Regex Fence();

    [GeneratedRegex(@"(`+)(?!`).+?(?<!`)\1(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"!?\[[^\]]*\]\(\s*([^)\s]+)(?:\s+""[^""]*"")?\s*\)")]
    private static partial Regex InlineLink();

    [GeneratedRegex(@"^ {0,3}\[[^\]]+\]:\s+(\S+)")]
    private static partial Regex LinkDefinition();

    [GeneratedRegex(@"<a\s+(?:id|name)=""([^""]+)""")]
    private static partial Regex HtmlAnchor();
}
