using Millrace.Failures;

namespace Millrace.Functions;

/// <summary>Operators that several functions share, and that therefore keep nothing for any of them.</summary>
internal static class SharedOperator
{
    /// <summary>A function for such an operator.</summary>
    /// <param name="function">Of the user.</param>
    /// <param name="kind">The operator, for the message.</param>
    /// <exception cref="InvalidProgramGraphException">It waits for snapshots, of which it would never hear.</exception>
    public static TFunction Function<TFunction>(TFunction function, string kind) =>
        function is ICheckpointedFunction
            ? throw new InvalidProgramGraphException(
                $"{function.GetType().Name} is an ICheckpointedFunction and was given to {kind}, whose functions share "
                + "an operator with others and are told of no snapshot. Use FlatMap(...) or Process(...).")
            : function;
}
