using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph.Direct;

namespace Millrace.Graph;

/// <summary>One record in, one record out.</summary>
internal sealed class MapTransformation<TIn, TOut, TFunction>(Transformation<TIn> input, TFunction function)
    : Transformation<TOut>("Map", input)
    where TFunction : IMapFunction<TIn, TOut>
{
    public Transformation<TIn> Input { get; } = input;

    public TFunction Function { get; } = function;

    internal override string Kind => "Map";

    internal override void Accept(IOperatorFactory factory) => factory.Map(this);

    internal override void AcceptDirect(IOperatorFactory factory, IDirectFunctions functions)
    {
        if (Function is DelegateMap<TIn, TOut> map)
        {
            functions.Map(map.Function, new Direct(this, factory));
            return;
        }

        Accept(factory);
    }

    private sealed class Direct(MapTransformation<TIn, TOut, TFunction> map, IOperatorFactory factory)
        : IMapVisitor<TIn, TOut>
    {
        public void Visit<TDirect>(TDirect function)
            where TDirect : struct, IMapFunction<TIn, TOut>
        {
            var direct = new MapTransformation<TIn, TOut, TDirect>(map.Input, function);
            direct.SetName(map.Name);
            direct.Accept(factory);
        }
    }
}
