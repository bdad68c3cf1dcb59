using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Tests;

/// <summary>A test waits for something that happens, never for time to pass.</summary>
/// <remarks>
/// <c>Task.Delay</c> is right between two looks at a condition (inside a loop), on a clock of the test's own, and for
/// ever.
/// </remarks>
internal sealed class TestsDoNotSleep
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        where file.IsTest
        from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        let callee = call.Expression.ToString()
        where IsCall(callee, "Thread.Sleep") || (IsCall(callee, "Task.Delay") && !IsWaiting(call))
        select new Finding(
            file.Path,
            SourceFile.LineOf(call),
            $"{callee} hopes that something has happened by then: wait on a condition, or limit a wait by WaitAsync.");

    private static bool IsCall(string callee, string method) =>
        callee == method || callee.EndsWith("." + method, StringComparison.Ordinal);

    private static bool IsWaiting(InvocationExpressionSyntax call) =>
        call.Ancestors().TakeWhile(node => node is not BaseMethodDeclarationSyntax).Any(IsLoopOnCondition)
        || call.ArgumentList.Arguments.Any(argument => IsInfinite(argument) || IsClock(argument));

    private static bool IsLoopOnCondition(SyntaxNode node) => node is WhileStatementSyntax or DoStatementSyntax;

    private static bool IsInfinite(ArgumentSyntax argument) =>
        argument.ToString() is "-1" or "Timeout.Infinite" or "Timeout.InfiniteTimeSpan";

    private static bool IsClock(ArgumentSyntax argument)
    {
        string name = argument.Expression is MemberAccessExpressionSyntax member
            ? member.Name.Identifier.Text
            : argument.Expression.ToString();
        return name.EndsWith("time", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("timeProvider", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("clock", StringComparison.OrdinalIgnoreCase);
    }
}
