using System.Runtime.CompilerServices;
using Millrace.Functions;

namespace Millrace.Operators.Steps;

/// <summary>One step behind another, record by record.</summary>
internal struct StepPair<TIn, TMiddle, TOut, TFirst, TSecond>(TFirst first, TSecond second) : IRecordStep<TIn, TOut>
    where TFirst : struct, IRecordStep<TIn, TMiddle>
    where TSecond : struct, IRecordStep<TMiddle, TOut>
{
#pragma warning disable IDE0044 // The steps may change themselves: of readonly fields, copies would be called.
    private TFirst _first = first;
    private TSecond _second = second;
#pragma warning restore IDE0044

    public static int Functions => TFirst.Functions + TSecond.Functions;

    public bool Apply(in TIn value, out TOut result, ref int at, int number)
    {
        at = number;
        if (!_first.Apply(in value, out TMiddle middle, ref at, number))
        {
            Unsafe.SkipInit(out result);
            return false;
        }

        at = number + TFirst.Functions;
        return _second.Apply(in middle, out result, ref at, number + TFirst.Functions);
    }

    public void Open(ReadOnlySpan<RuntimeContext> contexts, ref int at, int number)
    {
        _second.Open(contexts[TFirst.Functions..], ref at, number + TFirst.Functions);
        _first.Open(contexts[..TFirst.Functions], ref at, number);
    }

    public void PrepareSnapshot()
    {
        _first.PrepareSnapshot();
        _second.PrepareSnapshot();
    }

    public void Close()
    {
        try
        {
            _first.Close();
        }
        finally
        {
            _second.Close();
        }
    }
}
