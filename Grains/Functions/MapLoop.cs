using System.Runtime.CompilerServices;
using Millrace.Graph.Direct;

namespace Millrace.Functions;

/// <summary>Calls a function for many records: one virtual call for all, and a loop that is compiled for that function
/// where that can be had (<see cref="DirectCalls"/>).</summary>
internal abstract class MapLoop<TIn, TOut>
{
    /// <summary>The loop for the function of a delegate.</summary>
    public static MapLoop<TIn, TOut> Of(Func<TIn, TOut> function)
    {
        var loop = new OfFunction();
        DirectFunctions.Instance.Map(function, loop);
        return loop.Made!;
    }

    /// <summary>Calls it for each record.</summary>
    /// <param name="records">The records.</param>
    /// <param name="results">What it returns for each; as long as <paramref name="records"/>.</param>
    /// <param name="left">Set to the number of records still to do, with that at work, for the case that the function
    /// throws.</param>
    public abstract void Run(ReadOnlySpan<TIn> records, Span<TOut> results, ref int left);

    private sealed class OfFunction : IMapVisitor<TIn, TOut>
    {
        public MapLoop<TIn, TOut>? Made { get; private set; }

        public void Visit<TFunction>(TFunction function)
            where TFunction : struct, IMapFunction<TIn, TOut> => Made = new MapLoop<TIn, TOut, TFunction>(function);
    }
}

/// <summary>The loop over a function of its own type.</summary>
internal sealed class MapLoop<TIn, TOut, TFunction>(TFunction function) : MapLoop<TIn, TOut>
    where TFunction : struct, IMapFunction<TIn, TOut>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void Run(ReadOnlySpan<TIn> records, Span<TOut> results, ref int left)
    {
        results = results[..records.Length];
        TFunction called = function;
        for (int i = 0; i < records.Length; i++)
        {
            left = records.Length - i;
            results[i] = called.Map(records[i]);
        }
    }
}
