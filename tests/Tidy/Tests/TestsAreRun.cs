using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Tests;

/// <summary>What looks like a test is found by the runner, and none is switched off without an issue.</summary>
internal sealed class TestsAreRun
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from test in TestMethods.In(tree)
        from problem in ProblemsOf(test.Method)
        select new Finding(
            test.File.Path, SourceFile.LineOf(test.Method.Identifier), $"'{test.Method.Identifier.Text}' {problem}.");

    private static IEnumerable<string> ProblemsOf(MethodDeclarationSyntax method)
    {
        if (method.Parent is ClassDeclarationSyntax type)
        {
            bool isContract = type.Modifiers.Any(SyntaxKind.AbstractKeyword);
            if (!isContract && !TestMethods.Has(type.AttributeLists, "TestClass"))
            {
                yield return $"is never run: '{type.Identifier.Text}' has no [TestClass]";
            }

            if (!isContract && !type.Modifiers.Any(SyntaxKind.PublicKeyword))
            {
                yield return $"is never run: '{type.Identifier.Text}' is not public";
            }
        }

        if (!method.Modifiers.Any(SyntaxKind.PublicKeyword) || method.Modifiers.Any(SyntaxKind.StaticKeyword))
        {
            yield return "is never run: a test is public and no static";
        }

        bool isVoid = method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
        if (isVoid && method.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            yield return "passes before it ends: an asynchronous test returns Task";
        }

        AttributeSyntax? ignored = TestMethods.Find(method.AttributeLists, "Ignore")
            ?? TestMethods.Find((method.Parent as ClassDeclarationSyntax)?.AttributeLists ?? default, "Ignore");
        if (ignored is not null && !ignored.ToString().Contains('#', StringComparison.Ordinal))
        {
            yield return "is ignored without an issue: [Ignore(\"#12: why\")]";
        }
    }
}
