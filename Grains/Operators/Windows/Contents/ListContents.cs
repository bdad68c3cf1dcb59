using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Evictors;

namespace Millrace.Operators.Windows.Contents;

/// <summary>Records of each window, for a function that sees them together.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TIn">The type of the records.</typeparam>
/// <typeparam name="TKept">What is kept of a record.</typeparam>
/// <typeparam name="TOut">The type of the results.</typeparam>
/// <typeparam name="TWindow">The type of the windows.</typeparam>
internal abstract class ElementContents<TKey, TIn, TKept, TOut, TWindow>(
    WindowProcessTransformation<TKey, TIn, TOut, TWindow> transformation)
    : WindowContents<TKey, TIn, TOut, TWindow>
    where TWindow : struct, IWindow
{
    private ProcessWindowFunction<TIn, TOut, TKey, TWindow> _function = transformation.Function;
    private WindowFunctionContext<TKey, TIn, TOut, TWindow>? _context;
    private WindowFrame<TKey, TOut, TWindow>? _frame;
    private KeptElements<TKept, TWindow>? _kept;

    public override bool IsEmpty => Kept.IsEmpty;

    protected KeptElements<TKept, TWindow> Kept => _kept ?? throw NotOpened();

    private WindowFrame<TKey, TOut, TWindow> Frame => _frame ?? throw NotOpened();

    public override void Open(
        NamespaceScope<TWindow> scope, WindowFrame<TKey, TOut, TWindow> frame, RuntimeContext context)
    {
        _frame = frame;
        _kept = new KeptElements<TKept, TWindow>(scope, StateName);
        _context = new WindowFunctionContext<TKey, TIn, TOut, TWindow>(
            frame, transformation.Windows.Assigner.IsMerging, transformation.Name);
        UserFunction.Open(ref _function, context);
    }

    public override void Move(TWindow from, TWindow into) => Kept.Move(from, into);

    public override void Clear() => Kept.Clear();

    public override void Forget() => _function.Clear(_context!);

    public override void PrepareSnapshot() => UserFunction.PrepareSnapshot(ref _function);

    public override void Close() => UserFunction.Close(ref _function);

    /// <summary>Gives records to the function.</summary>
    protected void Process(IEnumerable<TIn> elements) =>
        _function.Process(Frame.Key, _context!, elements, Frame.Output);
}

/// <summary>All records of each window.</summary>
internal sealed class ListContents<TKey, TIn, TOut, TWindow>(
    WindowProcessTransformation<TKey, TIn, TOut, TWindow> transformation)
    : ElementContents<TKey, TIn, TIn, TOut, TWindow>(transformation)
    where TWindow : struct, IWindow
{
    public override void Add(in TIn value, long timestamp) => Kept.Add(value);

    public override void Fire() => Process(Kept.Elements);
}

/// <summary>All records of each window with their times, of which an evictor leaves some.</summary>
internal sealed class EvictedContents<TKey, TIn, TOut, TWindow>(
    WindowProcessTransformation<TKey, TIn, TOut, TWindow> transformation, Evictor<TIn> evictor)
    : ElementContents<TKey, TIn, TimedValue<TIn>, TOut, TWindow>(transformation)
    where TWindow : struct, IWindow
{
    private readonly EvictedElements<TIn> _elements = new();

    public override void Add(in TIn value, long timestamp) => Kept.Add(new TimedValue<TIn>(value, timestamp));

    public override void Fire()
    {
        _elements.Take(Kept.Elements);
        evictor.EvictBefore(_elements);
        Process(_elements.Values);
        evictor.EvictAfter(_elements);
        if (_elements.IsChanged)
        {
            Kept.Replace(_elements.Rest);
        }

        _elements.Drop();
    }
}
