namespace Millrace.Graph.Windows;

/// <summary>The records of each key, put together by windows.</summary>
internal abstract class WindowTransformation<TKey, TIn, TOut>(
    string name, Transformation<TIn> input, Func<TIn, TKey> keySelector)
    : Transformation<TOut>(name, input)
{
    private readonly string _kind = name;

    public Func<TIn, TKey> KeySelector { get; } = keySelector;

    internal sealed override string Kind => _kind;

    internal sealed override bool HasSideOutputs => true;

    internal sealed override int? ParallelismLimit => typeof(TKey) == typeof(NoKey) ? 1 : null;

    // The last point of time of the window.
    internal sealed override bool GivesTimestamps(bool inputs) => true;

    internal sealed override void Accept(IOperatorFactory factory) => factory.Windows(this);

    /// <summary>Calls back with what is made of the windows.</summary>
    internal abstract void Accept(IWindowFactory<TKey, TIn, TOut> factory);
}
