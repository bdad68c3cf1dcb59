namespace Millrace.Functions.Connected;

/// <summary>Turns each record of two streams into one of a third type.</summary>
/// <remarks>On the subtask's loop; must not block. One that is an <see cref="IRichFunction"/> is opened and closed, and
/// has state by key where the streams are keyed.</remarks>
public interface ICoMapFunction<TLeft, TRight, TOut>
{
    /// <summary>The result for a record of the first stream.</summary>
    TOut MapLeft(TLeft value);

    /// <summary>The result for a record of the second stream.</summary>
    TOut MapRight(TRight value);
}
