namespace Millrace.Graph.Async;

/// <summary>Records are handed to something that answers later.</summary>
/// <param name="name">What kind of step it is, and its name until it gets another one.</param>
/// <param name="input">Whose records.</param>
/// <param name="wait">How their results are waited for.</param>
/// <param name="build">Says which operator it is, to who builds it.</param>
internal sealed class AsyncTransformation<TIn, TOut>(
    string name, Transformation<TIn> input, AsyncWait wait, Action<IAsyncFactory<TIn, TOut>> build)
    : Transformation<TOut>(name, input)
{
    private readonly string _kind = name;

    public AsyncWait Wait { get; } = wait;

    internal override string Kind => _kind;

    internal override string? StateDescription => $"records under way as {typeof(TIn)}";

    internal override IEnumerable<Type> RecordTypes => [typeof(TOut), typeof(TIn)];

    internal override void Accept(IOperatorFactory factory) => factory.Async(this);

    /// <summary>Calls back with what the operator does.</summary>
    internal void Accept(IAsyncFactory<TIn, TOut> factory) => build(factory);
}
