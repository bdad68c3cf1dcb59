using Millrace.Functions;

namespace Millrace.Graph.Direct;

/// <summary>Gives functions that a program hands in as delegates types of their own, as far as that can be had, so that
/// loops over them are compiled for each. What is called back gets the delegate's struct otherwise.</summary>
internal interface IDirectFunctions
{
    void Map<TIn, TOut>(Func<TIn, TOut> function, IMapVisitor<TIn, TOut> visitor);

    void Filter<T>(Func<T, bool> function, IFilterVisitor<T> visitor);

    void Reduce<T>(Func<T, T, T> function, IReduceVisitor<T> visitor);
}

/// <summary>Takes a map function with its type.</summary>
internal interface IMapVisitor<TIn, TOut>
{
    void Visit<TFunction>(TFunction function)
        where TFunction : struct, IMapFunction<TIn, TOut>;
}

/// <summary>Takes a filter function with its type.</summary>
internal interface IFilterVisitor<T>
{
    void Visit<TFunction>(TFunction function)
        where TFunction : struct, IFilterFunction<T>;
}

/// <summary>Takes a reduce function with its type.</summary>
internal interface IReduceVisitor<T>
{
    void Visit<TFunction>(TFunction function)
        where TFunction : struct, IReduceFunction<T>;
}
