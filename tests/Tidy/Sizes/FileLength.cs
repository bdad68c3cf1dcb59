using System.Text.RegularExpressions;
using Millrace.Repository;

namespace Millrace.Sizes;

/// <summary>A file has at most 400 lines; 600 when it names a decision, and that decision names the file.</summary>
internal sealed partial class FileLength
{
    public const int Limit = 400;
    public const int LimitWithDecision = 600;

    private static readonly HashSet<string> Extensions = [".cs", ".ts", ".tsx", ".js", ".mjs", ".css", ".sh"];

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        foreach (SourceFile file in tree.Files)
        {
            bool isCode = Extensions.Contains(file.Extension) || (file.IsText && file.IsScript);
            if (!isCode || file.LineCount <= Limit)
            {
                continue;
            }

            if (file.LineCount > LimitWithDecision)
            {
                yield return new Finding(
                    file.Path, 0, $"{file.LineCount} lines; nothing allows more than {LimitWithDecision}: split it.");
            }
            else if (!IsDecided(file, tree))
            {
                yield return new Finding(
                    file.Path,
                    0,
                    $"{file.LineCount} lines, {Limit} allowed: split it, or let it name a decision (ADR 0000) in " +
                    "docs/adr that names this file.");
            }
        }
    }

    private static bool IsDecided(SourceFile file, SourceTree tree) =>
        DecisionNumber().Matches(file.Text).Any(match => tree.Files.Any(decision =>
            decision.Path.StartsWith($"docs/adr/{match.Groups[1].Value}-", StringComparison.Ordinal)
            && decision.Text.Contains(file.Name, StringComparison.Ordinal)));

    [GeneratedRegex(@"\b(?:ADR[ -]?|docs/adr/)(\d{4})\b")]
    private static partial Regex DecisionNumber();
}
