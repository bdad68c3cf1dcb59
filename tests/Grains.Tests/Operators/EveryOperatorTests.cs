using System.Reflection;
using Millrace.Operators.Connected;
using Millrace.Operators.Sinks;
using Millrace.Operators.Sorting;
using Millrace.Operators.Sources;

namespace Millrace.Operators;

[TestClass]
public sealed class EveryOperatorTests
{
    // Without an input, or with a writer of somebody else at its end: what they keep is what their connector keeps.
    private static readonly Type[] Ends =
        [typeof(SourceOperator<,>), typeof(ElementsOperator<>), typeof(SinkOperator<>)];

    // For batch mode, in which nothing is saved: SortedWindowTests and SortedJoinTests run them, and whole programs in
    // tests/Simulation.
    private static readonly Type[] Sorts =
        [typeof(KeySortOperator<,>), typeof(TwoInputSortOperator<,,>), typeof(LeftSide<,>), typeof(RightSide<,>)];

    private static readonly Type[] NotVerified = [.. Ends, .. Sorts];

    [TestMethod]
    public void Every_operator_is_run_by_the_verifier()
    {
        Type[] verified =
        [
            .. typeof(EveryOperatorTests).Assembly.GetTypes()
                .SelectMany(type => type.GetCustomAttributes<VerifiesAttribute>())
                .Select(attribute => attribute.OperatorType),
        ];
        Type[] operators =
        [
            .. typeof(StreamOperator).Assembly.GetTypes()
                .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(StreamOperator))),
        ];

        string[] missing = [.. operators.Except(verified).Except(NotVerified).Select(type => type.Name)];

        Assert.HasCount(
            0,
            missing,
            $"No test runs {string.Join(", ", missing)}: " +
            "write one with OperatorVerifier, in a class that [Verifies] it.");
        Assert.HasCount(0, verified.Concat(NotVerified).Except(operators).ToArray(), "each is an operator");
    }
}
