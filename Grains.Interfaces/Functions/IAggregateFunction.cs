namespace Millrace.Functions;

/// <summary>Adds values up in an accumulator and takes a result from it.</summary>
/// <remarks>On the subtask's loop; must not block. An accumulator handed in may be changed and returned.</remarks>
/// <typeparam name="TIn">The type of the values added.</typeparam>
/// <typeparam name="TAccumulator">The type of what is kept between two values.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public interface IAggregateFunction<in TIn, TAccumulator, out TOut>
{
    /// <summary>An accumulator to which nothing was added.</summary>
    TAccumulator CreateAccumulator();

    /// <summary>The accumulator with one more value.</summary>
    TAccumulator Add(TIn value, TAccumulator accumulator);

    /// <summary>The result of what was added. Must not change the accumulator.</summary>
    TOut GetResult(TAccumulator accumulator);

    /// <summary>One accumulator with everything that was added to two.</summary>
    TAccumulator Merge(TAccumulator left, TAccumulator right);
}
