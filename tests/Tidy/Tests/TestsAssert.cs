using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Tests;

/// <summary>Every test states what must hold.</summary>
/// <remarks>
/// By an assertion class, by a method whose name says so (Verify..., Assert..., Expect...), or by a method that does,
/// if it stands in the same file or is a static one called with the name of its class.
/// </remarks>
internal sealed class TestsAssert
{
    private static readonly HashSet<string> Classes = ["Assert", "StringAssert", "CollectionAssert"];

    private static readonly string[] Openings = ["Verify", "Assert", "Expect", "QuickCheckThrow", "VerboseCheckThrow"];

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        HashSet<string> asserting = AssertingMethods(tree);
        return
            from test in TestMethods.In(tree)
            where !asserting.Contains(Local(test.File.Path, test.Method.Identifier.Text))
            select new Finding(
                test.File.Path,
                SourceFile.LineOf(test.Method.Identifier),
                $"'{test.Method.Identifier.Text}' asserts nothing: it could not fail.");
    }

    /// <summary>Every asserting method under the name by which its file calls it, and its class's callers.</summary>
    private static HashSet<string> AssertingMethods(SourceTree tree)
    {
        (string Path, MethodDeclarationSyntax Method, InvocationExpressionSyntax[] Calls)[] methods =
        [
            .. from file in tree.CSharp
               where file.IsTest
               from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
               select (file.Path, method, Calls(method).ToArray()),
        ];
        HashSet<string> asserting = [];
        int before;
        do
        {
            before = asserting.Count;
            foreach ((string path, MethodDeclarationSyntax method, InvocationExpressionSyntax[] calls) in methods)
            {
                if (calls.Any(call => Asserts(call) || asserting.Overlaps(Callees(path, call))))
                {
                    asserting.Add(Local(path, method.Identifier.Text));
                    asserting.Add($"{ClassOf(method)}.{method.Identifier.Text}");
                }
            }
        }
        while (asserting.Count > before);

        return asserting;
    }

    private static IEnumerable<string> Callees(string path, InvocationExpressionSyntax call) =>
        [Local(path, NameOf(call)), $"{TypeOf(call)}.{NameOf(call)}"];

    private static string ClassOf(MethodDeclarationSyntax method) =>
        (method.Parent as BaseTypeDeclarationSyntax)?.Identifier.Text ?? "";

    private static string Local(string path, string method) => $"{path}:{method}";

    private static IEnumerable<InvocationExpressionSyntax> Calls(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<InvocationExpressionSyntax>();

    private static bool Asserts(InvocationExpressionSyntax call) =>
        Classes.Contains(TypeOf(call))
        || Openings.Any(opening => NameOf(call).StartsWith(opening, StringComparison.Ordinal));

    // What stands before the dot, as far as it can be the name of a class.
    private static string TypeOf(InvocationExpressionSyntax call) =>
        (call.Expression as MemberAccessExpressionSyntax)?.Expression switch
        {
            MemberAccessExpressionSyntax qualified => qualified.Name.Identifier.Text,
            SimpleNameSyntax name => name.Identifier.Text,
            _ => "",
        };

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}
