using System.Text;
using System.Text.RegularExpressions;
using Millrace.Repository;

namespace Millrace.Documents;

/// <summary>A Markdown file, read as far as its headings, links and pieces of code go.</summary>
internal sealed partial class MarkdownPage
{
    public MarkdownPage(SourceFile file)
    {
        Match? open = null;
        List<string> code = [];
        for (int index = 0; index < file.Lines.Count; index++)
        {
            string line = file.Lines[index];
            Match mark = Fence().Match(line);
            if (open is null && mark.Success)
            {
                open = mark;
            }
            else if (open is null)
            {
                Read(InlineCode().Replace(line, ""), line, index + 1);
            }
            else if (mark.Success && mark.Groups[1].Value.StartsWith(open.Groups[1].Value, StringComparison.Ordinal))
            {
                Snippets.Add((index + 1 - code.Count, open.Groups[2].Value, string.Join('\n', code)));
                code.Clear();
                open = null;
            }
            else
            {
                code.Add(line);
            }
        }
    }

    /// <summary>Lines with a heading of the first level.</summary>
    public List<int> Titles { get; } = [];

    /// <summary>What a link may name behind <c>#</c>.</summary>
    public HashSet<string> Anchors { get; } = [];

    public List<(int Line, string Target)> Links { get; } = [];

    /// <summary>Code between fences, with the line it begins in and the language named behind the fence.</summary>
    public List<(int Line, string Language, string Code)> Snippets { get; } = [];

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

    [GeneratedRegex(@"^ {0,3}(`{3,}|~{3,})\s*(\w*)")]
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
