using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Sizes;

/// <summary>A function, from its signature to its last brace, has at most 70 lines.</summary>
internal sealed class FunctionLength
{
    public const int Limit = 70;

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        foreach (SourceFile file in tree.CSharp)
        {
            foreach (SyntaxNode node in file.Root.DescendantNodes())
            {
                if (NameOf(node) is string name && LinesOf(node) is int lines && lines > Limit)
                {
                    yield return new Finding(
                        file.Path, SourceFile.LineOf(node), $"'{name}' has {lines} lines, {Limit} allowed: split it.");
                }
            }

            GlobalStatementSyntax[] program = [.. file.Root.ChildNodes().OfType<GlobalStatementSyntax>()];
            int length = program.Length == 0 ? 0 : Span(program[0].SpanStart, program[^1].Span.End, file.Syntax);
            if (length > Limit)
            {
                yield return new Finding(
                    file.Path,
                    SourceFile.LineOf(program[0]),
                    $"The program has {length} lines, {Limit} allowed: split it.");
            }
        }
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        DestructorDeclarationSyntax destructor => "~" + destructor.Identifier.Text,
        OperatorDeclarationSyntax symbol => "operator " + symbol.OperatorToken.Text,
        ConversionOperatorDeclarationSyntax conversion => "operator " + conversion.Type,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        PropertyDeclarationSyntax { ExpressionBody: not null } property => property.Identifier.Text,
        IndexerDeclarationSyntax { ExpressionBody: not null } => "this[]",
        AnonymousFunctionExpressionSyntax => "lambda",
        _ => null,
    };

    // Attributes and documentation stand above the signature and do not count.
    private static int LinesOf(SyntaxNode node)
    {
        SyntaxToken first = node.ChildNodesAndTokens()
            .Where(part => !part.IsKind(SyntaxKind.AttributeList))
            .Select(part => part.IsNode ? part.AsNode()!.GetFirstToken() : part.AsToken())
            .First(token => token.Span.Length > 0);
        return Span(first.SpanStart, node.Span.End, node.SyntaxTree);
    }

    private static int Span(int start, int end, SyntaxTree syntax)
    {
        FileLinePositionSpan span = syntax.GetLineSpan(new(start, end - start));
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
