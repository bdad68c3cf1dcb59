using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Repository;

namespace Millrace.Concurrency;

/// <summary>
/// In the libraries, work is started, waited for and given ids and chance by <c>IExecution</c> alone, so that a
/// simulation can stand in for it. Its implementation in Grains/Execution, the programs and the tests are free.
/// </summary>
internal sealed class OneSeam
{
    private const string Seam = "Grains/Execution";
    private const string StartWork = "start it through IExecution";
    private const string Delay = "wait on a condition, or delay through IExecution";
    private const string Timeout = "give the timeout a TimeProvider";
    private const string Chance = "ask IExecution for it";

    private static readonly BannedCall[] Everywhere =
    [
        new("System.Threading.Tasks.Task", "Run", StartWork),
        new("System.Threading.Tasks.Task", "Factory", StartWork),
        new("System.Threading.Tasks.Task", BannedCall.Constructor, StartWork),
        new("System.Threading.Tasks.Task", "Delay", Delay) { OnlyWithoutClock = true },
        new("System.Threading.Tasks.Task", "WaitAsync", Timeout) { OnlyWithoutClock = true },
        new("System.Threading.Tasks.Task<TResult>", "Factory", StartWork),
        new("System.Threading.Tasks.Task<TResult>", BannedCall.Constructor, StartWork),
        new("System.Threading.Tasks.Task<TResult>", "WaitAsync", Timeout) { OnlyWithoutClock = true },
        new("System.Threading.Tasks.TaskFactory", BannedCall.Any, StartWork),
        new("System.Threading.Tasks.TaskFactory<TResult>", BannedCall.Any, StartWork),
        new("System.Threading.Tasks.Parallel", BannedCall.Any, StartWork),
        new("System.Linq.ParallelEnumerable", BannedCall.Any, StartWork),
        new("System.Threading.Thread", BannedCall.Constructor, StartWork),
        new("System.Threading.Thread", "Sleep", Delay),
        new("System.Threading.SpinWait", "SpinUntil", Delay),
        new("System.Threading.ThreadPool", BannedCall.Any, StartWork),
        new("System.Threading.Timer", BannedCall.Constructor, Delay),
        new("System.Threading.PeriodicTimer", BannedCall.Constructor, Delay) { OnlyWithoutClock = true },
        new("System.Timers.Timer", BannedCall.Constructor, Delay),
        new("System.Threading.CancellationTokenSource", BannedCall.Constructor, Timeout) { OnlyWithoutClock = true },
        new("System.Guid", "NewGuid", Chance),
        new("System.Guid", "CreateVersion7", Chance),
        new("System.Random", "Shared", Chance),
        new("System.Random", BannedCall.Constructor, "seed it from IExecution") { OnlyWithoutArguments = true },
    ];

    // A host brings the real clock and the real secrets, and waits before there is an IExecution; the rooms take what
    // they are given, and a delay on a given clock would still end on a thread of the pool.
    private static readonly BannedCall[] OutsideHosting =
    [
        new("System.TimeProvider", "CreateTimer", Delay),
        new("System.Threading.Tasks.Task", "Delay", Delay),
        new("System.Threading.PeriodicTimer", BannedCall.Constructor, Delay),
        new("System.TimeProvider", "System", "take a TimeProvider as a parameter"),
        new("System.Security.Cryptography.RandomNumberGenerator", BannedCall.Any, Chance),
    ];

    public IEnumerable<Finding> Check(SourceTree tree)
    {
        var code = ProductCode.Of(tree);
        foreach (SourceFile file in code.Files.Where(file => !file.IsUnder(Seam)))
        {
            BannedCall[] banned = file.IsUnder("Hosting") ? Everywhere : [.. Everywhere, .. OutsideHosting];
            IEnumerable<Finding> calls =
                from name in code.NamesIn(file)
                from ban in banned
                where ban.Forbids(name.Meaning)
                select new Finding(
                    file.Path, SourceFile.LineOf(name.Node), $"{ban} stands outside {Seam}: {ban.Instead}.");

            foreach (Finding finding in calls.Concat(ContextLeavers(file)).Concat(Unobserved(file)).Distinct())
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> ContextLeavers(SourceFile file) =>
        from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        let name = (call.Expression as MemberAccessExpressionSyntax)?.Name ??
            (call.Expression as MemberBindingExpressionSyntax)?.Name
        where name?.Identifier.Text == "ConfigureAwait" && LeavesContext(call.ArgumentList)
        select new Finding(
            file.Path, SourceFile.LineOf(name), "ConfigureAwait leaves the scheduler that owns this work: just await.");

    private static bool LeavesContext(ArgumentListSyntax arguments) =>
        !arguments.Arguments.Any(argument =>
            argument.Expression.IsKind(SyntaxKind.TrueLiteralExpression)
            || argument.ToString().Contains("ContinueOnCapturedContext", StringComparison.Ordinal));

    private static IEnumerable<Finding> Unobserved(SourceFile file) =>
        from function in file.Root.DescendantNodes()
        let parts = function switch
        {
            MethodDeclarationSyntax method => (method.Modifiers, method.ReturnType, method.Identifier),
            LocalFunctionStatementSyntax local => (local.Modifiers, local.ReturnType, local.Identifier),
            _ => default,
        }
        where parts.Modifiers.Any(SyntaxKind.AsyncKeyword)
            && parts.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        select new Finding(
            file.Path, SourceFile.LineOf(parts.Identifier), "async void has nobody who sees it fail: return a Task.");
}
