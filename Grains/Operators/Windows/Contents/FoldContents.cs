using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.State;
using Millrace.Windowing;

namespace Millrace.Operators.Windows.Contents;

/// <summary>An accumulator for each window.</summary>
internal abstract class FoldContents<TKey, TIn, TAccumulator, TOut, TWindow, TFold>(TFold fold)
    : WindowContents<TKey, TIn, TOut, TWindow>
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
{
#pragma warning disable IDE0044 // The fold may change itself: of a readonly field, copies would be called.
    private TFold _fold = fold;
#pragma warning restore IDE0044
    private NamespaceScope<TWindow>? _scope;
    private WindowFrame<TKey, TOut, TWindow>? _frame;
    private IKeptValue<TAccumulator>? _kept;

    public override bool IsEmpty => !Kept.HasValue;

    /// <summary>What is known of the window at work.</summary>
    protected WindowFrame<TKey, TOut, TWindow> Frame => _frame ?? throw NotOpened();

    private IKeptValue<TAccumulator> Kept => _kept ?? throw NotOpened();

    public override void Open(
        NamespaceScope<TWindow> scope, WindowFrame<TKey, TOut, TWindow> frame, RuntimeContext context)
    {
        _frame = frame;
        _scope = scope;
        _kept = (IKeptValue<TAccumulator>)scope.States.Get(
            new ValueStateDescriptor<TAccumulator>(StateName), StateOwner.Operator);
        _fold.Open(context);
    }

    public override void Add(in TIn value, long timestamp)
    {
        if (!Kept.TryBorrow(out TAccumulator? accumulator))
        {
            Kept.Keep(_fold.First(in value));
            return;
        }

        _fold.Add(ref accumulator, in value);
        Kept.Keep(accumulator);
    }

    public override void Move(TWindow from, TWindow into)
    {
        _scope!.Set(in from);
        if (!Kept.TryBorrow(out TAccumulator? moved))
        {
            return;
        }

        Kept.Clear();
        _scope.Set(in into);
        if (Kept.TryBorrow(out TAccumulator? accumulator))
        {
            _fold.Merge(ref accumulator, in moved);
            moved = accumulator;
        }

        Kept.Keep(moved);
    }

    // Copied where it can change: the result may be the accumulator, or a part of it.
    public override void Fire()
    {
        if (Kept.TryGet(out TAccumulator? accumulator))
        {
            Fire(in accumulator);
        }
    }

    public override void Clear() => Kept.Clear();

    public override void PrepareSnapshot() => _fold.PrepareSnapshot();

    public override void Close() => _fold.Close();

    /// <summary>Emits what the window comes to.</summary>
    protected abstract void Fire(in TAccumulator accumulator);
}

/// <summary>One result for each window.</summary>
internal sealed class ResultContents<TKey, TIn, TAccumulator, TOut, TWindow, TFold, TResult>(
    TFold fold, TResult result)
    : FoldContents<TKey, TIn, TAccumulator, TOut, TWindow, TFold>(fold)
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    protected override void Fire(in TAccumulator accumulator) =>
        Frame.Output.Emit(result.Of(in Frame.Key, in Frame.Window, in accumulator));
}

/// <summary>One result for each window, given to a function.</summary>
internal sealed class FoldFunctionContents<TKey, TIn, TAccumulator, TValue, TOut, TWindow, TFold, TResult>(
    WindowFoldProcessTransformation<TKey, TIn, TAccumulator, TValue, TOut, TWindow, TFold, TResult> transformation)
    : FoldContents<TKey, TIn, TAccumulator, TOut, TWindow, TFold>(transformation.Fold)
    where TWindow : struct, IWindow
    where TFold : struct, IWindowFold<TIn, TAccumulator>
    where TResult : struct, IWindowResult<TKey, TWindow, TAccumulator, TValue>
{
    private readonly TValue[] _single = new TValue[1];
    private ProcessWindowFunction<TValue, TOut, TKey, TWindow> _function = transformation.Function;
    private WindowFunctionContext<TKey, TValue, TOut, TWindow>? _context;

    public override void Open(
        NamespaceScope<TWindow> scope, WindowFrame<TKey, TOut, TWindow> frame, RuntimeContext context)
    {
        base.Open(scope, frame, context);
        _context = new WindowFunctionContext<TKey, TValue, TOut, TWindow>(
            frame, transformation.Windows.Assigner.IsMerging, transformation.Name);
        UserFunction.Open(ref _function, context);
    }

    public override void Forget() => _function.Clear(_context!);

    public override void PrepareSnapshot()
    {
        base.PrepareSnapshot();
        UserFunction.PrepareSnapshot(ref _function);
    }

    public override void Close()
    {
        try
        {
            base.Close();
        }
        finally
        {
            UserFunction.Close(ref _function);
        }
    }

    protected override void Fire(in TAccumulator accumulator)
    {
        _single[0] = transformation.Result.Of(in Frame.Key, in Frame.Window, in accumulator);
        _function.Process(Frame.Key, _context!, _single, Frame.Output);
    }
}
