using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Tests;

/// <summary>Every test states what must hold.</summary>
/// <remarks>
/// By an assertion class, by a method whose name says so (Verify..., Assert..., Expect...), or by a method of the same
/// file that does.
/// </remarks>
internal sealed class TestsAssert
{
    private static readonly HashSet<string> Classes = ["Assert", "StringAssert", "CollectionAssert"];

    private static readonly string[] Openings = ["Verify", "Assert", "Expect", "QuickCheckThrow", "VerboseCheckThrow"];

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in TestMethods.In(tree).GroupBy(test => test.File, test => test.Method)
        let asserting = AssertingMethods(file.Key)
        from method in file
        where !asserting.Contains(method.Identifier.Text)
        select new Finding(
            file.Key.Path,
            SourceFile.LineOf(method.Identifier),
            $"'{method.Identifier.Text}' asserts nothing: it could not fail.");

    private static HashSet<string> AssertingMethods(SourceFile file)
    {
        MethodDeclarationSyntax[] methods = [.. file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()];
        HashSet<string> asserting = [];
        int before;
        do
        {
            before = asserting.Count;
            asserting.UnionWith(
                from method in methods
                where Calls(method).Any(call => Asserts(call) || asserting.Contains(NameOf(call)))
                select method.Identifier.Text);
        }
        while (asserting.Count > before);

        return asserting;
    }

    private static IEnumerable<InvocationExpressionSyntax> Calls(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<InvocationExpressionSyntax>();

    private static bool Asserts(InvocationExpressionSyntax call)
    {
        string type = (call.Expression as MemberAccessExpressionSyntax)?.Expression.ToString() ?? "";
        return Classes.Contains(type[(type.LastIndexOf('.') + 1)..])
            || Openings.Any(opening => NameOf(call).StartsWith(opening, StringComparison.Ordinal));
    }

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}
