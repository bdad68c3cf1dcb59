using Millrace.Functions;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Joins;

/// <summary>What is done to a pair. Implemented by structs, so that the loop calls the user's function and nothing
/// else.</summary>
internal interface IJoinStep<TLeft, TRight, TOut>
{
    /// <summary>Opens the function.</summary>
    void Open(RuntimeContext context);

    /// <summary>A snapshot is about to be taken: the function brings its state up to date.</summary>
    void PrepareSnapshot();

    /// <summary>Closes the function.</summary>
    void Close();

    /// <summary>A pair joins.</summary>
    void Join(in Timed<TLeft> left, in Timed<TRight> right, UnitCollector<TOut> output);
}
