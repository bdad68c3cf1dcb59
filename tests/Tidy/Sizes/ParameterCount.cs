using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Sizes;

/// <summary>A function takes at most 7 parameters; then they are a record with a name.</summary>
internal sealed class ParameterCount
{
    public const int Limit = 7;

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        foreach (SourceFile file in tree.CSharp)
        {
            foreach (BaseParameterListSyntax list in file.Root.DescendantNodes().OfType<BaseParameterListSyntax>())
            {
                // A record is what many parameters become; an override takes what its base gives.
                bool isFree = list.Parent is RecordDeclarationSyntax || IsOverride(list.Parent);
                if (list.Parameters.Count > Limit && !isFree)
                {
                    yield return new Finding(
                        file.Path,
                        SourceFile.LineOf(list),
                        $"{list.Parameters.Count} parameters, {Limit} allowed: make them a record.");
                }
            }
        }
    }

    private static bool IsOverride(SyntaxNode? function) =>
        function is MemberDeclarationSyntax member && member.Modifiers.Any(SyntaxKind.OverrideKeyword);
}
