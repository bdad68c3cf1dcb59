using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Tests;

/// <summary>Every test states what must hold.</summary>
/// <remarks>By an assertion class, or by a method whose name says so (Verify..., Assert..., Expect...).</remarks>
internal sealed class TestsAssert
{
    private static readonly HashSet<string> Classes = ["Assert", "StringAssert", "CollectionAssert"];

    private static readonly string[] Openings = ["Verify", "Assert", "Expect", "QuickCheckThrow", "VerboseCheckThrow"];

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from test in TestMethods.In(tree)
        where !Calls(test.Method).Any(Asserts)
        select new Finding(
            test.File.Path,
            SourceFile.LineOf(test.Method.Identifier),
            $"'{test.Method.Identifier.Text}' asserts nothing: it could not fail.");

    private static IEnumerable<InvocationExpressionSyntax> Calls(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<InvocationExpressionSyntax>();

    private static bool Asserts(InvocationExpressionSyntax call)
    {
        string method = call.Expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
            MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
            SimpleNameSyntax name => name.Identifier.Text,
            _ => "",
        };
        string type = (call.Expression as MemberAccessExpressionSyntax)?.Expression.ToString() ?? "";
        return Classes.Contains(type[(type.LastIndexOf('.') + 1)..])
            || Openings.Any(opening => method.StartsWith(opening, StringComparison.Ordinal));
    }
}
