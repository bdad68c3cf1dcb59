using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph.Direct;

namespace Millrace.Graph;

/// <summary>Lets some records through.</summary>
internal sealed class FilterTransformation<T, TFunction>(Transformation<T> input, TFunction function)
    : Transformation<T>("Filter", input)
    where TFunction : IFilterFunction<T>
{
    public Transformation<T> Input { get; } = input;

    public TFunction Function { get; } = function;

    internal override string Kind => "Filter";

    internal override void Accept(IOperatorFactory factory) => factory.Filter(this);

    internal override void AcceptDirect(IOperatorFactory factory, IDirectFunctions functions)
    {
        if (Function is DelegateFilter<T> filter)
        {
            functions.Filter(filter.Function, new Direct(this, factory));
            return;
        }

        Accept(factory);
    }

    private sealed class Direct(FilterTransformation<T, TFunction> filter, IOperatorFactory factory)
        : IFilterVisitor<T>
    {
        public void Visit<TDirect>(TDirect function)
            where TDirect : struct, IFilterFunction<T>
        {
            var direct = new FilterTransformation<T, TDirect>(filter.Input, function);
            direct.SetName(filter.Name);
            direct.Accept(factory);
        }
    }
}
