using System.Reflection;
using Millrace.DataStream;
using Millrace.DataStream.Folds;
using Millrace.Graph.Direct;

namespace Millrace.Functions;

/// <summary>Functions over delegates in types of their own, where they can be had (<see
/// cref="DirectCalls"/>).</summary>
internal sealed class DirectFunctions : IDirectFunctions
{
    public static readonly DirectFunctions Instance = new();

    private DirectFunctions()
    {
    }

    public void Map<TIn, TOut>(Func<TIn, TOut> function, IMapVisitor<TIn, TOut> visitor)
    {
        if (!TryVisit(function, typeof(IMapFunction<TIn, TOut>), visitor, typeof(IMapVisitor<TIn, TOut>)))
        {
            visitor.Visit(new DelegateMap<TIn, TOut>(function));
        }
    }

    public void Filter<T>(Func<T, bool> function, IFilterVisitor<T> visitor)
    {
        if (!TryVisit(function, typeof(IFilterFunction<T>), visitor, typeof(IFilterVisitor<T>)))
        {
            visitor.Visit(new DelegateFilter<T>(function));
        }
    }

    public void Reduce<T>(Func<T, T, T> function, IReduceVisitor<T> visitor)
    {
        if (!TryVisit(function, typeof(IReduceFunction<T>), visitor, typeof(IReduceVisitor<T>)))
        {
            visitor.Visit(new DelegateReduce<T>(function));
        }
    }

    private static bool TryVisit(Delegate function, Type contract, object visitor, Type visitorContract)
    {
        if (DirectCalls.Of(function, contract) is not object direct)
        {
            return false;
        }

        visitorContract.GetMethods().Single().MakeGenericMethod(direct.GetType())
            .Invoke(visitor, BindingFlags.DoNotWrapExceptions, binder: null, [direct], culture: null);
        return true;
    }
}
