namespace Millrace.Functions.Async;

/// <summary>A delegate with one result for each record as an asynchronous function.</summary>
internal sealed class DelegateAsync<TIn, TOut>(Func<TIn, CancellationToken, ValueTask<TOut>> function)
    : AsyncFunction<TIn, TOut>
{
    internal override string Description => "the function";

    public override ValueTask InvokeAsync(TIn value, ICollector<TOut> output, CancellationToken cancellationToken)
    {
        ValueTask<TOut> answer = function(value, cancellationToken);
        if (!answer.IsCompletedSuccessfully)
        {
            return EmitAsync(answer, output);
        }

        output.Emit(answer.Result);
        return default;
    }

    private static async ValueTask EmitAsync(ValueTask<TOut> answer, ICollector<TOut> output) =>
        output.Emit(await answer);
}
