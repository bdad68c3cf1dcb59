using Millrace.Functions;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Connected;

/// <summary>What is done to the records of two inputs. Implemented by structs, so that the loop over a batch calls the
/// user's function and nothing else.</summary>
internal interface ICoStep<TLeft, TRight, TOut>
{
    /// <summary>Opens the function.</summary>
    void Open(RuntimeContext context);

    /// <summary>A snapshot is about to be taken: the function brings its state up to date.</summary>
    void PrepareSnapshot();

    /// <summary>Closes the function.</summary>
    void Close();

    /// <summary>A record of the first input, with its time or null. One call is one unit of work.</summary>
    void Left(TLeft record, long? timestamp, UnitCollector<TOut> output);

    /// <summary>A record of the second input, with its time or null. One call is one unit of work.</summary>
    void Right(TRight record, long? timestamp, UnitCollector<TOut> output);

    /// <summary>Time has come so far.</summary>
    void Advance(long watermark);

    /// <summary>A timer of the key at work is due. One call is one unit of work.</summary>
    void OnTimer(long time, TimeDomain domain, UnitCollector<TOut> output);
}
