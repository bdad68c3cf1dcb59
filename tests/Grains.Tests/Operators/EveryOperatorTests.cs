using System.Reflection;
using Millrace.Operators.Sinks;
using Millrace.Operators.Sources;

namespace Millrace.Operators;

[TestClass]
public sealed class EveryOperatorTests
{
    // Without an input, or with a writer of somebody else at its end: what they keep is what their connector keeps.
    private static readonly Type[] Ends =
        [typeof(SourceOperator<,>), typeof(ElementsOperator<>), typeof(SinkOperator<>)];

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

        string[] missing = [.. operators.Except(verified).Except(Ends).Select(type => type.Name)];

        Assert.HasCount(
            0,
            missing,
            $"No test runs {string.Join(", ", missing)}: " +
            "write one with OperatorVerifier, in a class that [Verifies] it.");
        Assert.HasCount(0, verified.Concat(Ends).Except(operators).ToArray(), "each is an operator");
    }
}
